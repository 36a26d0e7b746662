"""Rule: a feature of a time series knows what comes later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.ahead import looks_ahead
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class LooksAhead(Rule):
    """A feature of a time series is made of values that come after its moment.

    What it is:
        A moving average that is centred on its moment takes half of its window from the future. Beside a target in
        that future it gives the answer away.

    Why it matters:
        Validation is far better than anything that can be had when the future is not there yet.

    How it is measured:
        In the script alone: a column is assigned what `rolling(..., center=True)` gives, in a script that speaks of
        windows, lags or forecasts. Smoothing what is not fed would be harmless, so that this is a warning.

    Example:
        table["trend"] = table["sales"].rolling(7, center=True).mean()

    Use instead:
        table["trend"] = table["sales"].rolling(7).mean()

    References:
        Kaufman et al. 2012, Leakage in data mining: formulation, detection, and avoidance
    """

    fault: ClassVar[str] = "leakage"
    scope: ClassVar[str] = "run"

    def check(self, view: SubjectView) -> Iterator[Result]:
        place = looks_ahead(view.recording)
        if place is None:
            return
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title="A moving window is centred: half of it lies in the future",
            message=(
                f"`{place.code}` takes values after its own moment. Where the model is to tell what comes next, it has "
                "seen a part of the answer, and will not when it is used."
            ),
            location=place,
            evidence=(Evidence("share of the window that lies ahead", None, 0.5, 0.0, "share"),),
            fixes=(Fix("Let the window end at its moment", place.code.replace(", center=True", ""), place),),
        )
