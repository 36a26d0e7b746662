"""Rule zero-input."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series


def two_inputs(*, zero: float = 0.0, silent: float = 0.0, steps: int = 5, width: int = 20) -> Run:
    """A second input, and what the first layer puts out."""
    run = classifier()
    run.site("input", "vectors", line=70, shape=[32, width], dtype="float32")
    run.series("input", "input:vectors", range(steps), abs_mean=zero, size=384)
    dead = {"abs_mean": silent, "dead_unit_share": 1.0, "size": 64}
    return replace_series(run, "activation", "activation:h1", range(steps), **dead)


def test_an_input_that_is_zero(findings: Any, primary: Any) -> None:
    run = two_inputs()
    (found,) = findings("zero-input", run)
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.ERROR, Confidence.HIGH)
    assert found.site == "input:vectors" and "`vectors` is zero in all rows" in found.title
    assert primary(run).rule == "zero-input", "and not the dead units behind it"


def test_states_masks_and_signals(findings: Any) -> None:
    assert not findings("zero-input", two_inputs(silent=0.3)), "a state that starts at zero silences nothing"
    assert not findings("zero-input", two_inputs(zero=0.1)), "dead for another reason"
    assert not findings("zero-input", two_inputs(steps=4)), "too few steps"
    assert not findings("zero-input", two_inputs(width=12)), "no layer that is silent takes it"
    run = replace_series(two_inputs(), "input", "input:x", range(5), abs_mean=0.0, size=640)
    assert not findings("zero-input", run), "all inputs: see degenerate-feature"
