"""Rule: labels that are smoothed until little of them is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.given import numbers_given
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class OverSmoothed(Rule):
    """Label smoothing takes most of the labels away.

    What it is:
        The share that stays is given where the share that is spread over all classes is asked for: 0.9 for 0.1.

    Why it matters:
        With smoothing s and K classes the target of the true class is 1 - s + s / K: at 0.9 and ten classes 0.19, where
        every other class has 0.09. The network is taught to be unsure, and little of the loss tells the classes apart.

    How it is measured:
        The value that the script gives, as far as it is written as a number, against `largest`.

    Example:
        CategoricalCrossentropy(label_smoothing=0.9)

    Use instead:
        CategoricalCrossentropy(label_smoothing=0.1)

    References:
        Szegedy et al. 2016, Rethinking the Inception Architecture, section 7, https://arxiv.org/abs/1512.00567
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Half of the label is spread over all classes: published recipes spread 0.05 to 0.3.
    largest: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = next(numbers_given(view.recording, "label_smoothing"), None)
        if found is None:
            return
        place, value = found.location, found.value
        if value < self.largest:
            yield self.ruled_out(f"labels are smoothed by {number(value)}")
            return
        classes = int((view.output.attributes.get("units") if view.output is not None else None) or 0)
        left = 1 - value + value / classes if classes > 1 else None
        yield self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"Labels are smoothed by {number(value)}: little is left of them",
            message=(
                f"{number(100 * value)} % of every label is spread over all classes"
                + (f", so that the true one of {classes} is to get {number(left)} and each other "
                   f"{number(value / classes)}." if left is not None else ".")
            ),
            site=view.loss or view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("label smoothing", 0, value, self.largest),),
            fixes=(Fix("Smooth by a tenth", "label_smoothing=0.1", place),),
        )  # fmt: skip
