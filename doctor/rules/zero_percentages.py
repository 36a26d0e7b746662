"""Rule: an error in percent of labels that are zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView

#: How Keras calls the loss, as it may be given and as the function is called.
_NAMES = frozenset({"mape", "mean_absolute_percentage_error", "meanabsolutepercentageerror"})


@dataclass(frozen=True)
class ZeroPercentages(Rule):
    """The loss is an error in percent of the label, and labels are zero.

    What it is:
        The mean absolute percentage error divides each error by its label. Keras divides by 1e-7 where the label is
        smaller than that.

    Why it matters:
        An error of 0.01 counts as ten million percent where the label is 0, and as 2 percent where it is 0.5: the
        network learns to say 0, and little else.

    How it is measured:
        The loss of Keras by its name, and the share of the labels that are exactly zero: at least `min_share`. A
        warning where the outputs explain `good` of the labels' variance all the same, else an error.

    Example:
        model.compile("adam", loss="mape")   # output of a solar plant, zero at night

    Use instead:
        model.compile("adam", loss="mae")

    References:
        Hyndman and Koehler 2006, Another look at measures of forecast accuracy,
        https://doi.org/10.1016/j.ijforecast.2006.03.001
    """

    fault: ClassVar[str] = "loss-wrong"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss"})

    #: A hundredth of the labels, at ten million times the weight of the others, is all of the loss.
    min_share: float = 0.01
    #: Share of the variance that a sound regression of easy data explains.
    good: float = 0.9

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss = view.label, view.loss
        assert label is not None and loss is not None
        if str(loss.attributes.get("keras_loss") or "").lower() not in _NAMES:
            return
        zeros = view.series("label", label, "zero_share").finite().values
        if not len(zeros):
            yield self.not_checked(view, "the labels were not observed")
            return
        zero = float(np.mean(zeros))
        if zero < self.min_share:
            yield self.ruled_out(f"{share(zero)} of the labels are zero")
            return
        explained = view.judgement.explained
        yield self.finding(
            view,
            severity=Severity.WARNING if explained is not None and explained >= self.good else Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="An error in percent of labels that are zero",
            message=(
                f"{share(zero)} of the labels are 0. The loss divides each error by its label, there by 1e-7: these "
                "examples are all of the loss, and the cheapest answer is 0 for every one."
            ),
            site=loss,
            location=argument(view.recording, loss.location, ("loss",)) or loss.location,
            onset=0,
            evidence=(Evidence(f"label/{label.name}/zero_share", None, zero, self.min_share, "share"),),
            fixes=(Fix("Use an absolute error, and report percentages of the total", 'loss="mae"'),),
        )
