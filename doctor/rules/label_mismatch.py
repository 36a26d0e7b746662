"""Rule: labels whose range or encoding the loss does not understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Losses whose labels are probabilities.
_OF_SHARES = ("sigmoid_cross_entropy", "log_probability", "kl_divergence")


@dataclass(frozen=True)
class LabelMismatch(Rule):
    """The labels have a range or an encoding that the loss does not understand.

    What it is:
        Class numbers that start at 1 for an output that counts from 0, labels -1 and 1 or 0
        and 255 for a binary cross-entropy, or class numbers where one-hot rows are expected.

    Why it matters:
        A label out of range is an error on one device and a silent NaN or zero on another. A
        binary cross-entropy with labels outside [0, 1] has no minimum: it falls for ever
        while the predictions are wrong.

    How it is measured:
        By construction: the smallest and largest label of the observed steps, against the
        number of output units for class numbers, and against [0, 1] for cross-entropies that
        take probabilities as labels.

    Example:
        y = np.where(positive, 1.0, -1.0)  # for a binary cross-entropy

    Use instead:
        y = np.where(positive, 1.0, 0.0)

    References:
        https://keras.io/api/losses/probabilistic_losses/
    """

    fault: ClassVar[str] = "label-mismatch"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss"})

    #: Rounding that is no other encoding.
    tolerance: float = 1e-3

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss = view.label, view.loss
        assert label is not None and loss is not None
        low = view.series("label", label, "min", sound=False).finite()
        high = view.series("label", label, "max", sound=False).finite()
        if not len(low):
            yield self.not_checked(view, "the labels were not observed")
            return
        smallest, largest = float(low.values.min()), float(high.values.max())
        units = view.output.attributes.get("units") if view.output is not None else None
        function, encoding = loss.attributes.get("function"), label.attributes.get("encoding")
        categorical = function in ("softmax_cross_entropy", "log_probability")
        if encoding == "index" and categorical and units and units > 1:
            if smallest < 0 or (largest >= units and smallest >= 1):
                yield self._finding(
                    view, label, smallest, largest, (0.0, float(units) - 1),
                    f"The labels run from {smallest:.0f} to {largest:.0f}, but {units} output "
                    "units stand for the classes 0 to "
                    f"{units - 1}.",
                    Fix("Count the classes from 0", f"y = y - {smallest:.0f}"),
                )  # fmt: skip
                return
        elif function in _OF_SHARES or (categorical and encoding == "one-hot"):
            if smallest < -self.tolerance or largest > 1 + self.tolerance:
                scale = f"y = (y - {number(smallest)}) / {number(largest - smallest)}" if largest > smallest else ""
                yield self._finding(
                    view, label, smallest, largest, (0.0, 1.0),
                    f"The labels lie between {number(smallest)} and {number(largest)}, but a "
                    "cross-entropy takes labels between 0 "
                    "and 1: outside of it the loss has no minimum.",
                    Fix("Bring the labels to 0 and 1", scale),
                )  # fmt: skip
                return
        yield self.ruled_out(f"the labels lie between {number(smallest)} and {number(largest)}, as the loss expects")

    def _finding(
        self, view: SubjectView, label: Site, low: float, high: float, limits: tuple[float, float], text: str, fix: Fix
    ) -> Result:
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The labels are outside the range that the loss takes",
            message=text,
            site=label,
            location=_line(view, label),
            evidence=(
                Evidence(f"label/{label.name}/min", None, low, limits[0]),
                Evidence(f"label/{label.name}/max", None, high, limits[1]),
            ),
            fixes=(fix,),
        )


def _line(view: SubjectView, label: Site) -> Location | None:
    array = next((one for one in view.sites("array") if one.attributes.get("role") == "y"), None)
    return label.location or (array.location if array is not None else None)
