"""Rule zero-percentages."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run


def percent(zeros: float = 0.4, name: str = "mean_absolute_percentage_error", errors: float = 60.0) -> Run:
    """A regression under a loss of Keras; the squared errors are those of 100 values with squares of 100."""
    run = Run(source='model.compile("adam", loss="mape")\n')
    run.subject(style="fit")
    run.site("output", "out", units=1, shape=[32, 1]).site("label", "y", shape=[32, 1], encoding="continuous")
    run.site("loss", "mape", line=1, function="other", keras_loss=name, takes="values", labels="continuous")
    run.series("label", "label:y", range(5), zero_share=zeros, std=0.3, mean=0.3, min=0.0, max=1.0, size=32)
    for step in range(5):
        run.vector("output:out", "errors", step, [errors, 100.0, 100.0])
    return run.losses([2e8] * 50)


def test_labels_that_are_zero(findings: Any) -> None:
    (found,) = findings("zero-percentages", percent())
    assert (found.fault, found.severity, found.confidence) == ("loss-wrong", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 1 and found.evidence[0].observed == pytest.approx(0.4)
    assert findings("zero-percentages", percent(errors=5.0))[0].severity is Severity.WARNING


def test_at_the_share(findings: Any, ruled_out: Any) -> None:
    assert findings("zero-percentages", percent(0.0101)) and ruled_out("zero-percentages", percent(0.0099))


def test_other_losses(findings: Any) -> None:
    assert not findings("zero-percentages", percent(name="mean_absolute_error"))
