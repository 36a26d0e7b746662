"""Rule: the inputs hold the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import made_at
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.columns import array_names, columns_text
from doctor.rules.row_sets import row_sets
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class AnswerAmongInputs(Rule):
    """The inputs hold the answer: a column of a table, or all that a decoder is to put out.

    What it is:
        The column of the answer, or one that was made from it, was left among the inputs. Or a decoder is
        given the very symbols that it is to put out, instead of those before them.

    Why it matters:
        The model copies the answer. Its figures are perfect on training and validation data, and it knows
        nothing where the answer is not at hand.

    How it is measured:
        A column of a table of `min_columns` or more that has one value for each label, and no other, is
        the label. Of several inputs one is the answer where it has the shape of the labels and the same
        mean, spread and range in each of its columns, and at least `min_fitted` of the training answers
        are right, or a cross-entropy so low says it where they were not counted.

    Example:
        model.fit([source, target], target)

    Use instead:
        shifted = np.concatenate([start, target[:, :-1]], axis=1)
        model.fit([source, shifted], target)

    References:
        Kapoor and Narayanan 2023, Leakage and the reproducibility crisis,
        https://doi.org/10.1016/j.patter.2023.100804
        Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks, https://arxiv.org/abs/1409.3215
    """

    fault: ClassVar[str] = "leakage"

    #: Columns that a table needs for one of them to be the label by mistake.
    min_columns: int = 4
    #: A model that copies the answer is right this often.
    min_fitted: float = 0.98

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = [*self._whole(view), *self._column(view)]
        yield from found[:1]
        if not found and row_sets(view, "train"):
            yield self.ruled_out("no input has the values of the labels")

    def _whole(self, view: SubjectView) -> Iterator[Result]:
        """One of several inputs that is the labels: a decoder that is given the very symbols it is to put out."""
        accuracy, late = view.judgement.accuracy, view.judgement.late_loss
        entropy = view.loss is not None and view.loss.attributes.get("function") == "softmax_cross_entropy"
        # Of N answers in a hundred that are wrong each costs ln 2 or more.
        most_wrong = (1 - self.min_fitted) * math.log(2)
        if (accuracy or 0.0) < self.min_fitted and not (accuracy is None and entropy and late < most_wrong):
            return
        fitted = f"{share(accuracy)} of the training answers are right" if accuracy is not None else (
            f"the loss ends at {number(late)}"
        )  # fmt: skip
        proof = (
            Evidence("training accuracy", view.judgement.steps - 1, accuracy, self.min_fitted)
            if accuracy is not None
            else Evidence(view.losses.name, view.judgement.steps - 1, late, most_wrong)
        )
        for rows in (site for site in view.sites("rows") if site.attributes.get("of") == "arrays"):
            inputs, labels = (
                [site for key in rows.attributes.get(name) or () if (site := view.recording.sites.get(str(key)))]
                for name in ("inputs", "labels")
            )
            if rows.attributes.get("used_for") != "train" or len(inputs) < 2:
                continue
            copied = next((one for one in inputs if any(_same_values(one, label) for label in labels)), None)
            if copied is None or any(_shifted(one, copied) for one in inputs):
                continue
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title="One of the inputs is the answer",
                message=(
                    f"`{copied.name}` has the values of the labels, column by column, and {fitted}: the model copies "
                    "them. A decoder is given what comes before the symbol that it is to put out."
                ),
                site=copied,
                location=made_at(view.recording, copied, lambda step: True) or copied.location,
                evidence=(proof,),
                fixes=(Fix("Shift it by one place", "shifted = np.concatenate([start, y[:, :-1]], axis=1)"),),
            )
            return

    def _column(self, view: SubjectView) -> Iterator[Result]:
        for rows in row_sets(view, "train"):
            relation = rows.site.attributes.get("relation") or {}
            copies = relation.get("copies") or []
            width = len((rows.array.attributes.get("columns") or ()) if rows.array is not None else ())
            if rows.array is None or not copies or width < self.min_columns or len(copies) > width / 2:
                continue
            names = array_names(rows.array)
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title="The inputs hold the answer",
                message=(
                    f"In {rows.name}, {columns_text(copies, names)} has one value for each label and no other: "
                    "it is the label."
                ),
                site=rows.array,
                evidence=(Evidence("columns that are the label", None, float(len(copies)), 0.0),),
                fixes=(Fix("Take the label out of the inputs", _drop(names, copies)),),
            )
            return


def _same_values(one: Site, other: Site) -> bool:
    """Whether two arrays of several columns have the same statistics in each."""
    mine, theirs = one.attributes.get("columns") or [], other.attributes.get("columns") or []
    if len(mine) < 2 or one.attributes.get("shape") != other.attributes.get("shape"):
        return False
    return mine == theirs and len({column.get("mean") for column in mine}) > 1


def _shifted(one: Site, other: Site) -> bool:
    """Whether an array is another one a place later: a decoder's own input, beside a sequence that is to be copied."""
    mine, theirs = one.attributes.get("columns") or [], other.attributes.get("columns") or []
    return len(mine) == len(theirs) > 2 and mine[1:] == theirs[:-1]


def _drop(names: list[str | None], numbers: list[int]) -> str:
    known = [names[number] for number in numbers if number < len(names) and names[number]]
    return f"x = frame.drop(columns={known!r})" if known else f"x = np.delete(x, {numbers}, axis=1)"
