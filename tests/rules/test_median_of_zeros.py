"""Rule median-of-zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run


def counts(zeros: float = 0.7, said: float = 0.02, function: str = "absolute_error", late: float = 0.75) -> Run:
    """A regression of counts; the median of what was seen leaves an error of 0.72."""
    run = Run(source='model.compile("adam", loss="mae")\n').subject(style="fit")
    run.site("output", "out", units=1, shape=[32, 1]).site("label", "y", shape=[32, 1], encoding="continuous")
    run.site("loss", "mae", line=1, function=function, takes="values", labels="continuous")
    run.series("label", "label:y", range(0, 200, 10), zero_share=zeros, mean=0.4, abs_mean=0.4, std=0.9, size=32)
    run.series("output", "output:out", range(0, 200, 10), mean=said, abs_mean=said, std=0.01, size=32)
    for step in range(0, 200, 10):
        run.vector("output:out", "errors", step, [32.0, 32.0, 32.0])  # nothing of the variance is explained
    return run.losses(np.full(200, late))


def test_outputs_that_are_nothing(findings: Any) -> None:
    (found,) = findings("median-of-zeros", counts())
    assert (found.fault, found.severity, found.location.line) == ("loss-wrong", Severity.ERROR, 1)
    assert [round(one.observed, 3) for one in found.evidence] == [0.7, 0.05]


def test_at_the_limits(findings: Any, ruled_out: Any) -> None:
    assert findings("median-of-zeros", counts(zeros=0.51)) and not findings("median-of-zeros", counts(zeros=0.49))
    assert findings("median-of-zeros", counts(said=0.19)) and ruled_out("median-of-zeros", counts(said=0.21))


def test_other_losses(findings: Any) -> None:
    assert not findings("median-of-zeros", counts(function="squared_error"))
    assert not findings("median-of-zeros", counts(function="poisson"))
