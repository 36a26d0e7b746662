"""Rule zero-loss."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def zero(loss: float = 1e-6, gradient: float = 1e-6, steps: int = 60) -> Run:
    """A loss of rounding errors, and gradients of that size."""
    run = classifier([loss * (-1) ** step for step in range(steps)], loss={"function": "other"})
    change(run, "loss:cross_entropy", at=["train.py", 7, "loss = ..."])
    for key in [key for key, site in run.sites.items() if site.kind == "variable"]:
        replace_series(run, "gradient", key, range(10), norm=gradient, size=64, abs_mean=gradient)
    return run


def test_terms_that_cancel(findings: Any, primary: Any) -> None:
    (found,) = findings("zero-loss", zero())
    assert (found.fault, found.severity, found.confidence) == ("loss-wrong", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 7 and [one.observed for one in found.evidence] == [1e-6, 1e-6]
    assert primary(zero()).rule == "zero-loss", "and not the rate"


@pytest.mark.parametrize(
    "run",
    [zero(1.1e-5), zero(gradient=1.1e-5), zero(steps=19), classifier(failing=False)],
    ids=["a loss", "a gradient", "few steps", "a run that trains"],
)
def test_silent(run: Run, findings: Any) -> None:
    assert not findings("zero-loss", run)


def test_limits(findings: Any, ruled_out: Any) -> None:
    assert findings("zero-loss", zero(1e-5, 1e-5, 20)) and ruled_out("zero-loss", zero(1.1e-5))


def test_targets_that_are_tiny_numbers(findings: Any) -> None:
    """Their errors are as tiny, and what guessing costs tells so."""
    for spread, count in ((1e-3, 0), (0.1, 1)):
        run = change(zero(5e-6), "loss:cross_entropy", function="squared_error", takes="values")
        run._losses = []
        run.losses([5e-6] * 60)
        change(run, "label:y", encoding="continuous")
        replace_series(run, "label", "label:y", range(10), min=-1, max=1, mean=0, std=spread, unit_std=spread)
        assert len(findings("zero-loss", run)) == count
