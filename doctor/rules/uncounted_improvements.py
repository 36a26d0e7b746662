"""Rule: early stopping that counts no improvement, because each is asked to be too large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

import numpy as np
import numpy.typing as npt

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.directions import better, told_at
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class UncountedImprovements(Rule):
    """EarlyStopping ends a training that gets better, by less than its `min_delta` at a time.

    What it is:
        `min_delta` is how much better the watched figure must be than the best so far to count. It has the unit
        of that figure: 1.0 for an error of standardised targets is more than there is to gain.

    Why it matters:
        The training stops after `patience` epochs although every epoch is better than the one before, and with
        `restore_best_weights` the weights of the first epoch come back.

    How it is measured:
        The callback is played again on the recorded values of its figure, as it was and with a `min_delta` of 0. It
        fires where the first ends with the last recorded epoch, the second goes on, and what was left uncounted is at
        least `min_share` of the best value that counted (of what it lacks to 1, for figures that grow). An error
        where not even the best of all values could have counted after the first one, else a warning.

    Example:
        keras.callbacks.EarlyStopping(monitor="val_mae", patience=5, min_delta=1.0)

    Use instead:
        keras.callbacks.EarlyStopping(monitor="val_mae", patience=5, min_delta=1e-3)

    References:
        https://keras.io/api/callbacks/early_stopping/
        Prechelt 1998, Early Stopping, but when?, https://doi.org/10.1007/3-540-49430-8_3
    """

    fault: ClassVar[str] = "too-few-steps"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Who sets `min_delta` means to give up what is small; a tenth of what the figure could still gain is not.
    min_share: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        for fit in view.sites("fit"):
            for callback in fit.attributes.get("callbacks") or ():
                waits = callback.get("waits")
                found = self._uncounted(view, waits) if waits else None
                if found is not None:
                    yield self._told(view, callback, *found)
                    return

    def _uncounted(
        self, view: SubjectView, waits: dict[str, Any]
    ) -> tuple[npt.NDArray[np.float64], float, bool] | None:
        """(values, best that counted, whether none could count); None where the stop is no fault of `min_delta`."""
        sign = better(waits["monitor"], waits["mode"])
        series = view.recording.scalars(view.subject.key, f"epoch/{waits['monitor']}").finite()
        values, delta = series.values.astype(float), float(waits["min_delta"])
        if not sign or not delta or len(values) < 2 or waits["from_epoch"]:
            return None
        counted = _stopped(values * sign, delta, waits["patience"])
        if counted is None or _stopped(values * sign, 0.0, waits["patience"]) is not None:
            return None
        best = counted * sign
        room = abs(best) if sign < 0 else 1.0 - best
        if abs(values.max() - best if sign > 0 else best - values.min()) < self.min_share * room or room <= 0:
            return None
        # An error is never below 0, a share never above 1.
        bounded = values.min() >= 0 if sign < 0 else 0 <= values.min() and values.max() <= 1
        return values, best, bool(bounded and delta >= room and best == values[0])

    def _told(
        self, view: SubjectView, callback: dict[str, Any], values: npt.NDArray[np.float64], best: float, never: bool
    ) -> Result:
        waits = callback["waits"]
        name, delta = waits["monitor"], waits["min_delta"]
        place = told_at(view.recording, callback["class"], "min_delta")
        text = (
            f"EarlyStopping counts `{name}` as better only by {number(delta)} at a time. It goes from "
            f"{number(float(values[0]))} to {number(float(values[-1]))} in {len(values)} epochs, and the best that "
            f"counted is {number(best)}: the training is stopped after {waits['patience']} epochs without one."
        )
        if never:
            text += " Nothing that could follow the first epoch would count."
        if callback.get("best"):
            text += " The weights that it brings back are those of that epoch."
        return self.finding(
            view,
            severity=Severity.ERROR if never else Severity.WARNING,
            confidence=Confidence.CERTAIN if never else Confidence.HIGH,
            title=f"The training is stopped while `{name}` gets better: `min_delta` is {number(delta)}",
            message=text,
            site=view.first_site("fit") or view.subject,
            location=place or view.subject.location,
            evidence=(Evidence(f"epoch/{name}", None, float(values[-1]), best),
                      Evidence("epochs", None, float(len(values)))),
            fixes=(Fix("Count every improvement", "min_delta=0.0", place),),
        )  # fmt: skip


def _stopped(values: npt.NDArray[np.float64], delta: float, patience: int) -> float | None:
    """The best value that counted where the callback stops with the last of the values, which grow as they get
    better; None where it would go on, or would have stopped before."""
    best, waited = -np.inf, 0
    for place, value in enumerate(values):
        waited += 1
        if value - delta > best:
            best, waited = float(value), 0
        elif waited >= patience:
            return best if place == len(values) - 1 else None
    return None
