"""Rule softmax-twice, and what it is read from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.capture.tensorflow.softmaxes import softmax_within
from doctor.capture.tensorflow.trace import Trace
from doctor.findings import Confidence, Severity
from tests.builders import Run
from tests.graph_ops import Ops


def distilled(failing: bool = False, known: bool = False) -> Run:
    run = Run().subject().dense(20, 16).dense(16, 10, "softmax", last=True)
    run.losses([*np.linspace(0.05, 0.04, 300), *([float("nan")] * 50 if failing else [])])
    if known:
        run.site("loss", "cross_entropy", function="softmax_cross_entropy", takes="logits")
    return run.site("softmax", "softmax of a softmax", line=8, inner=["train.py", 5, ""])


def test_a_softmax_of_a_softmax(findings: Any) -> None:
    (found,) = findings("softmax-twice", distilled())
    assert (found.fault, found.severity, found.confidence) == ("loss-logits", Severity.WARNING, Confidence.CERTAIN)
    assert found.location.line == 8 and "(line 5)" in found.message
    assert findings("softmax-twice", distilled(failing=True))[0].severity is Severity.ERROR


def test_known_losses_are_another_rule(findings: Any) -> None:
    assert not findings("softmax-twice", distilled(known=True))


@pytest.mark.parametrize("between, twice", [(None, True), ("RealDiv", True), ("Log", False), ("MatMul", False)])
def test_what_is_looked_through(between: str | None, twice: bool) -> None:
    """A temperature is; a logarithm brings the logits back, and a product with weights is another layer."""
    ops = Ops()
    shares = ops.op("Softmax", ops.dense("x", "1"))
    other = {"RealDiv": "temperature", "MatMul": ops.variable("w2")}.get(str(between))
    given = shares if between is None else ops.op(between, *filter(None, (shares, other)))
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert (softmax_within(trace, given) is not None) is twice
