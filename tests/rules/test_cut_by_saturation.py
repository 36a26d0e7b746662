"""Rule cut-by-saturation."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series

STEPS = range(0, 300, 20)


def steepened(
    *, onset: int = 60, flat: float = 0.99, passed: float = 0.0, behind: float = 1.0, function: str = "tanh",
    failing: bool = False,
) -> Run:  # fmt: skip
    """The values of the hidden layer are at the limits from a step on, and the gradient before it falls."""
    run = classifier(failing=failing, function=function)
    share = [0.1 if step < onset else flat / 2 for step in STEPS]
    low = "low_share" if function == "sigmoid" else "negative_high_share"
    run.series("activation", "activation:h1", STEPS, **{"high_share": share, low: share})
    for key, late in (("variable:w1", passed), ("variable:w2", behind)):
        replace_series(run, "gradient", key, STEPS, norm=[1.0 if step < onset else late for step in STEPS], size=640)
    return run


@pytest.mark.parametrize("function", ["tanh", "sigmoid"])
def test_what_lies_before_it_gets_nothing(function: str, findings: Any) -> None:
    (found,) = findings("cut-by-saturation", steepened(function=function))
    assert (found.fault, found.severity, found.confidence) == ("saturation", Severity.WARNING, Confidence.HIGH)
    assert found.onset_step == 60 and "1 of 2 kernels learn nothing any more" in found.message
    assert found.evidence[0].observed == pytest.approx(0.99) and found.evidence[0].limit == 0.9
    assert findings("cut-by-saturation", steepened(failing=True))[0].severity is Severity.ERROR


def test_the_line_that_computes_it(findings: Any) -> None:
    run = change(steepened(), "activation:h1", at=["train.py", 30, "codes = tf.tanh(slope * h)"])
    assert findings("cut-by-saturation", run)[0].location.line == 30


@pytest.mark.parametrize(
    "run",
    [
        steepened(onset=200),
        steepened(onset=0),
        steepened(flat=0.88),
        steepened(passed=2e-4),
        steepened(passed=1e-5, behind=0.05),
        steepened(behind=0.0),
        classifier(function="relu"),
    ],
    ids=["late", "from the start", "not flat", "passes", "all has converged", "nothing behind", "no limits"],
)
def test_what_is_none(run: Run, findings: Any) -> None:
    assert not findings("cut-by-saturation", run)


def test_ruled_out(ruled_out: Any) -> None:
    assert ruled_out("cut-by-saturation", steepened(flat=0.5))
