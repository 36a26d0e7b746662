"""Rule uncounted-improvements."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
DELTA = 1.0
stop = keras.callbacks.EarlyStopping(patience=3,
                                     min_delta=DELTA)
net.fit(x, y, callbacks=[stop])
"""


def stopped(
    values: Sequence[float], *, delta: float = 1.0, patience: int = 3, monitor: str = "val_mae", mode: str = "auto",
    best: bool = False, **waits: Any,
) -> Run:  # fmt: skip
    """A fit that early stopping ended after the epochs of `values`."""
    run = classifier(failing=False, source=SOURCE)
    facts = {"monitor": monitor, "mode": mode, "patience": patience, "min_delta": delta, "from_epoch": 0, **waits}
    run.site("fit", "fit", line=4, callbacks=[{"class": "EarlyStopping", "best": best, "waits": facts}])
    for epoch, value in enumerate(values):
        run.scalar(f"epoch/{monitor}", 10 * epoch, value)
    return run


FALLING = (0.8, 0.6, 0.5, 0.4)


def test_nothing_could_count(findings: Any, primary: Any) -> None:
    """Certain, at the line of the number."""
    run = stopped(FALLING, best=True)
    (found,) = findings("uncounted-improvements", run)
    assert (found.fault, found.severity, found.confidence) == ("too-few-steps", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 1
    assert "from 0.8 to 0.4 in 4 epochs, and the best that counted is 0.8" in found.message
    assert found.message.endswith("those of that epoch.")
    assert found.fixes[0].code == "min_delta=0.0"
    assert primary(run).rule == "uncounted-improvements"


def test_some_counted(findings: Any) -> None:
    (found,) = findings("uncounted-improvements", stopped((0.8, 0.5, 0.45, 0.42, 0.4), delta=0.2))
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.HIGH)
    assert "the best that counted is 0.5" in found.message and "Nothing" not in found.message


@pytest.mark.parametrize(
    "values, options, fires",
    [
        ((0.8, 0.6, 0.5), {}, False),  # it would go on
        ((0.8, 0.9, 0.8, 0.9), {}, False),  # nothing gets better
        ((0.8, 0.79, 0.78, 0.77), {}, False),  # by little
        ((0.8, 0.6, 0.5, 0.4, 0.3), {}, False),  # something else ended it
        (FALLING, {"delta": 0.0}, False),
        (FALLING, {"monitor": "val_score"}, False),  # which way is better?
        (FALLING, {"monitor": "val_score", "mode": "min"}, True),
        (FALLING, {"from_epoch": 2}, False),
        ((0.2, 0.4, 0.5, 0.6), {"monitor": "val_accuracy"}, True),
        ((0.9, 0.905, 0.906, 0.908), {"monitor": "val_accuracy"}, False),
    ],
)
def test_what_it_watched(values: Sequence[float], options: dict[str, Any], fires: bool, findings: Any) -> None:
    assert bool(findings("uncounted-improvements", stopped(values, **options))) is fires


def test_threshold(findings: Any) -> None:
    assert findings("uncounted-improvements", stopped((1.0, 0.97, 0.93, 0.899)))
    assert not findings("uncounted-improvements", stopped((1.0, 0.97, 0.93, 0.901)))


def test_nothing_was_recorded(findings: Any) -> None:
    """Older recordings, and figures that are no numbers."""
    assert not findings("uncounted-improvements", classifier(np.linspace(1, 0.1, 100), failing=False))
    assert not findings("uncounted-improvements", stopped((np.nan,) * 4))
