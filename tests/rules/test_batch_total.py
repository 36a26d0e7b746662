"""Rule batch-total, and what capture tells it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from doctor.capture.tensorflow.batch_totals import describe_batch_totals
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.trace import Trace
from doctor.findings import Confidence, Severity
from doctor.types import Site
from tests.builders import classifier
from tests.graph_ops import Ops


def test_a_sum_for_all_examples(findings: Any, ruled_out: Any) -> None:
    added = ["train.py", 48, "return base + volume"]
    run = classifier().site("batch_total", "sum over the batch", line=46, added=added)
    (found,) = findings("batch-total", run)
    assert (found.fault, found.severity, found.confidence) == ("loss-shape", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 46 and "on line 48" in found.message
    assert ruled_out("batch-total", classifier())
    trained = classifier(failing=False).site("batch_total", "sum over the batch", line=46, added=added)
    assert findings("batch-total", trained)[0].severity is Severity.WARNING


def described(between: str = "", reducing: str = "Sum", left: tuple[int, ...] = (), last: str = "Mean",
              factor: float | None = 0.5) -> list[Site]:  # fmt: skip
    """Sites of mean(base + total), with an op between the total and the addition."""
    ops = Ops()
    values = ops.dense("x", "1")
    base = ops.op("Sum", ops.op("Square", values), "axis", rank=1)
    total = ops.op(reducing, values, "axes", rank=len(left))
    way = ops.op(between, total, "two", rank=len(left)) if between else total
    added = ops.op("AddV2", base, way, rank=1)
    loss = ops.op(last, added, "axes", rank=0)
    shapes: dict[Any, tuple[int | None, ...]] = {
        "x": (None, 3), values: (None, 3), base: (None,), total: left, way: left, added: (None,), loss: (), "two": (),
    }  # fmt: skip
    trace = Trace(ops.nodes, ops.variables, lambda key: key == "x", ops.ranks.get)
    look = Look(shapes.get, lambda key: "float32", lambda key: None, number={"two": factor}.get)
    found: list[Site] = []
    session: Any = SimpleNamespace(recorder=SimpleNamespace(describe=found.append))
    subject: Any = SimpleNamespace(number=1, key="subject:1")
    describe_batch_totals(session, subject, trace, analyse(trace, None), look, "train")
    return found


@pytest.mark.parametrize("between", ["", "Neg", "Mul", "AddV2", "Identity"])
def test_what_is_added_to_each(between: str) -> None:
    assert [site.kind for site in described(between)] == ["batch_total"]


@pytest.mark.parametrize("changes", [
    {"between": "Mul", "factor": 0.09}, {"between": "Mul", "factor": None}, {"reducing": "Mean"}, {"left": (None,)},
    {"between": "RealDiv"}, {"between": "Log"}, {"last": "Sum"},
])  # fmt: skip
def test_what_is_right(changes: dict[str, Any]) -> None:
    """A sum that was weighed, a mean, a sum over the values of each or divided by its number, a normaliser."""
    assert not described(**changes)
