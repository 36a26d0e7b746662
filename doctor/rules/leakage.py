"""Rule: rows that the model is validated on are among those that it is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import split_at
from doctor.reading.folds import rows_chosen
from doctor.reading.own_files import read_alone
from doctor.rules.base import Result, Rule, share
from doctor.rules.row_sets import RowSet, row_sets, validation_line
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class Leakage(Rule):
    """The validation data holds what the model was trained on.

    What it is:
        Rows are copied (to balance classes, by augmentation, by a wrong slice) before the data is
        split, or the same array is used for both.

    Why it matters:
        The validation figures show what the model remembers, not what it has understood. They
        look excellent, and the model fails on the first data it has not seen.

    How it is measured:
        Rows of inputs are hashed, those trained on and those evaluated on. It fires when at least
        `min_share` and `min_rows` of the held-out rows are among the training rows. Held out is
        what fit is given to validate on, and what has a name such as x_test; a training set that
        is merely evaluated once more is none, nor is what another model, or another fold of a
        cross-validation, was trained on. Narrow tables of a few categories, and texts as numbers of words,
        repeat themselves: there the share must exceed twice that of training rows with a twin.

    Example:
        x, y = oversample(x, y)
        x_train, x_val, y_train, y_val = train_test_split(x, y)

    Use instead:
        x_train, x_val, y_train, y_val = train_test_split(x, y)
        x_train, y_train = oversample(x_train, y_train)

    References:
        Kapoor and Narayanan 2023, Leakage and the reproducibility crisis,
        https://doi.org/10.1016/j.patter.2023.100804
    """

    fault: ClassVar[str] = "leakage"

    #: Smallest share of held-out rows that were trained on. Image sets hold a few near-copies by nature.
    min_share: float = 0.02
    #: From this share on the figures are worthless.
    bad_share: float = 0.1
    #: Fewer rows are toys (the four of XOR).
    min_rows: int = 5
    #: Rows of an array below which nothing is held out.
    min_set: int = 20

    def check(self, view: SubjectView) -> Iterator[Result]:
        training = row_sets(view, "train", used=True)
        held = [one for one in row_sets(view, "eval") if len(one.inputs)]
        if not training or not held:
            yield self.not_checked(view, f"no rows were seen in {'training' if not training else 'evaluation'}")
            return
        worst: tuple[RowSet, RowSet, float] | None = None
        intended = [one for one in held if self._held_out(view, one)]
        for one in intended:
            for other in training:
                overlap = self._overlap(view, one, other)
                if overlap is not None and (worst is None or overlap > worst[2]):
                    worst = (one, other, overlap)
        if worst is None:
            return
        if worst[2] < self.min_share:
            yield self.ruled_out(f"{share(worst[2])} of the rows of {worst[0].name} were trained on")
            return
        yield self._finding(view, *worst)

    def _held_out(self, view: SubjectView, rows: RowSet) -> bool:
        """Whether the script takes these rows for held out."""
        if rows.array is None:
            return False  # batches of an unknown source: a loop may well measure its training accuracy
        return validation_line(view, rows) is not None or rows.held_out is True

    def _of_one_training(self, view: SubjectView, held: RowSet, trained: RowSet) -> bool:
        """Whether the rows were held out of this training: those of another fold, or model, were not."""
        calls = (held.site.attributes.get("fit"), trained.site.attributes.get("fit"))
        if None not in calls:
            return calls[0] == calls[1]
        return len(view.recording.subjects) == 1 and len(view.sites("fit")) <= 1

    def _overlap(self, view: SubjectView, held: RowSet, trained: RowSet) -> float | None:
        """Share of held-out rows that were trained on; None where it says nothing."""
        if not self._of_one_training(view, held, trained):
            return None
        bits = max(held.share_bits, trained.share_bits)
        mine, theirs = held.at(bits), np.unique(trained.at(bits))
        if held.rows < self.min_set or not len(mine) or not len(theirs):
            return None
        common = int(np.isin(mine, theirs).sum())
        found = common / len(mine)
        if common < self.min_rows:
            return 0.0
        copies = not self._of_tokens(view, held) and (held.continuous() or trained.continuous())
        natural = 0.0 if copies else max(held.twins(), trained.twins())
        return found if found > 2 * natural else 0.0

    def _of_tokens(self, view: SubjectView, rows: RowSet) -> bool:
        """Whether the rows are texts as numbers of words: the same sentence is often said twice."""
        kind = str(rows.array.attributes.get("dtype")) if rows.array is not None else ""
        embedded = any(site.attributes.get("role") == "embedding" for site in view.variables)
        return embedded and (kind.startswith(("int", "uint", "str", "object", "<U")))

    def _finding(self, view: SubjectView, held: RowSet, trained: RowSet, overlap: float) -> Result:
        line = validation_line(view, held)
        if held.array is not None and held.array.location is not None:
            name = str(held.array.attributes.get("variable") or held.array.name)
            other = trained.array
            chosen = str(other.attributes.get("variable") or other.name) if other is not None else ""
            line = (
                rows_chosen(view.recording, name, chosen, held.array.location)
                or split_at(view.recording, name, held.array.location)
                or read_alone(view.recording, held.array, other)
                or line
            )
        place = held.array if held.array is not None else held.site
        count = round(overlap * held.rows)
        accuracy = view.judgement.eval_accuracy
        text = (
            f"{count} of the {held.rows} rows of {held.name} ({share(overlap)}) are rows that the model is trained on "
            f"({trained.name})."
        )
        if accuracy is not None:
            text += f" The evaluation accuracy of {share(accuracy)} shows what it remembers."
        evidence = [Evidence(f"rows of {held.name} trained on", None, overlap, self.min_share, "share")]
        if not trained.continuous():
            evidence.append(Evidence("training rows with a twin", None, trained.twins(), None, "share"))
        return self.finding(
            view,
            severity=Severity.ERROR if overlap >= self.bad_share else Severity.WARNING,
            confidence=Confidence.CERTAIN if overlap >= self.bad_share else Confidence.HIGH,
            title=f"{share(overlap)} of the held-out rows were trained on",
            message=text,
            site=place,
            location=line or place.location,
            onset=0,
            evidence=evidence,
            fixes=(
                Fix(
                    "Split first; copy, balance or augment only the training part afterwards",
                    "x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2)",
                ),
            ),
        )
