"""A log-sum-exp over the rows of a batch, told from those over components and over pairs of rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from doctor.capture.tensorflow.batch_sums import describe_batch_sums
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.trace import Trace
from doctor.types import Site
from tests.graph_ops import Ops


def described(
    exponentials: tuple[int | None, ...], left: tuple[int | None, ...], *, logarithm: bool = True, more: bool = False
) -> list[Site]:
    """Sites of -mean(log(sum(exp(z - max))) + max), with another loss beside it where there is `more`."""
    ops = Ops()
    output = ops.dense("x", "1")
    densities = ops.op("Sub", output, "y")
    largest = ops.op("Max", densities, "axis")
    ops.ranks["axis"] = 0
    raised = ops.op("Exp", ops.op("Sub", densities, largest))
    total = ops.op("Sum", raised, "axis")
    mixed = ops.op("AddV2", ops.op("Log", total) if logarithm else total, ops.op("Reshape", largest, "axis"))
    loss = ops.op("Neg", ops.op("Mean", mixed, "axis", rank=0), rank=0)
    if more:
        ops.op("AddV2", loss, ops.op("Mean", ops.op("SquaredDifference", output, "y"), "axis", rank=0), rank=0)
    shapes: dict[Any, tuple[int | None, ...]] = {"x": (None, 3), raised: exponentials, total: left}
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    look = Look(shapes.get, lambda key: "float32", lambda key: None)
    found: list[Site] = []
    session: Any = SimpleNamespace(recorder=SimpleNamespace(describe=found.append))
    subject: Any = SimpleNamespace(number=1, key="subject:1")
    describe_batch_sums(session, subject, trace, analyse(trace, None), look, "train")
    return found


@pytest.mark.parametrize("left", [(5,), (1, 5)])
def test_over_the_rows(left: tuple[int, ...]) -> None:
    (site,) = described((None, 5), left)
    assert (site.kind, site.attributes) == ("batch_sum", {"shape": [None, 5]})


def test_what_is_right() -> None:
    """Over the components, over one score of each row, over pairs of rows, no logarithm, a part of a loss."""
    assert not described((None, 5), (None,))
    assert not described((None, 1), (1,))
    assert not described((None, None), (None,))
    assert not described((None, 5), (5,), logarithm=False)
    assert not described((None, 5), (5,), more=True)
