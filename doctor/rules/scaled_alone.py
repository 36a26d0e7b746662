"""Rule: every example is scaled by itself, and what told them apart is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.apart import moved_apart, paired_by_place
from doctor.reading.scaling import scaled_by_row
from doctor.reading.shuffles import lone_shuffle
from doctor.rules.apart import apart
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ScaledAlone(Rule):
    """Every example is scaled by its own mean and spread, and what told the examples apart is gone.

    What it is:
        The mean and the standard deviation are taken over the wrong axis: over time, pixels or columns of each
        example instead of over all examples. Loud and quiet recordings come out equally loud.

    Why it matters:
        If the labels depend on level or size, nothing is left to learn from. The data looks perfectly scaled.

    How it is measured:
        Neighbours and a straight line guess the labels of the training rows with less than `related` standard
        errors above chance, as by the rule label-mismatch, at least `min_rows` rows were compared, and on the way
        of the inputs a spread is taken over axes that leave out that of the examples. Only where the run fails.

    Example:
        x = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)

    Use instead:
        x = (x - x.mean(axis=0)) / x.std(axis=0)

    References:
        https://scikit-learn.org/stable/modules/preprocessing.html
    """

    fault: ClassVar[str] = "degenerate-feature"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Standard errors above chance from which inputs tell of the labels.
    related: float = 3.5
    #: Fewer rows tell nothing.
    min_rows: int = 100

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = apart(view, self.related, self.min_rows)
        if found is None or view.degree is not Severity.ERROR:
            return
        relation = found.rows.site.attributes["relation"]
        keys = found.rows.site.attributes.get("inputs") or ()
        array = next((view.recording.sites.get(str(key)) for key in keys), None)
        labels = next(iter(found.rows.site.attributes.get("labels") or ()), None) if array is not None else None
        place = scaled_by_row(view.recording, array)
        pair = (array, view.recording.sites.get(str(labels)))
        # Of two files rows and labels are paired by their place alone, which is likelier to be what is wrong.
        elsewhere = moved_apart(view.recording, *pair) or paired_by_place(view.recording, *pair)
        if place is None or elsewhere is not None or lone_shuffle(view.recording) is not None:
            return  # see label-mismatch
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="Every example is scaled by itself, and does not tell its label any more",
            message=(
                f"Nearest neighbours and a straight line guess the labels of {relation['rows']} rows with "
                f"{number(relation['score'])}, where chance gives {number(relation['chance'])}. On the way each "
                "example is divided by its own spread: level and size, which may tell the labels, are gone."
            ),
            site=array,
            location=place,
            onset=0,
            evidence=(
                Evidence(f"{found.rows.name}: labels guessed from inputs", None, float(relation["deviations"]),
                         self.related, "standard errors"),
            ),
            fixes=(Fix("Take mean and spread over the examples, of the training rows", "x.std(axis=0)"),),
        )  # fmt: skip
