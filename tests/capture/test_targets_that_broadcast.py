"""Values of another network that meet predictions of another shape, as in temporal differences."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.capture.tensorflow.descriptions import broadcast_elsewhere, one_number
from doctor.capture.tensorflow.trace import Trace
from tests.graph_ops import Ops


class Shapes:
    """Knows the shapes of tensors."""

    def __init__(self, known: dict[str, tuple[int, ...]]) -> None:
        self.known = known

    def shape(self, key: str) -> tuple[int, ...] | None:
        return self.known.get(key)


def found(ops: Ops, shapes: dict[str, tuple[int, ...]]) -> Any:
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    return broadcast_elsewhere(trace, Shapes(shapes))  # type: ignore[arg-type]


@pytest.mark.parametrize("stopped", [True, False])
def test_a_target_of_another_network(stopped: bool) -> None:
    ops = Ops()
    value = ops.dense("x", "1")
    target = ops.op("Max", ops.dense("y", "2"))
    target = ops.op("StopGradient", target) if stopped else target
    ops.op("Sub", target, value)
    place = found(ops, {target: (64,), value: (64, 1)})
    assert (place["labels"], place["output"], place["result"]) == ([64], [64, 1], [64, 64])
    assert found(ops, {target: (64, 1), value: (64, 1)}) is None
    assert found(ops, {target: (5,), value: (64, 1)}) is None  # thresholds


def test_pairs_that_are_meant() -> None:
    """All differences of one network's scores, as where pairs are ranked; or an axis that was given on purpose."""
    ops = Ops()
    scores = ops.dense("x", "1")
    flat = ops.op("Squeeze", scores)
    ops.op("Sub", flat, scores)
    assert found(ops, {flat: (64,), scores: (64, 1)}) is None

    ops = Ops()
    left, right = ops.op("Max", ops.dense("x", "1")), ops.op("Max", ops.dense("y", "2"))
    wide = ops.op("ExpandDims", left)
    ops.op("Sub", right, wide)
    assert found(ops, {right: (64,), wide: (64, 1)}) is None


@pytest.mark.parametrize("name", ["RealDiv", "Mul", "AddV2", "Pow"])
def test_labels_in_a_likelihood_of_ones_own(name: str) -> None:
    """Lifetimes (64,) over scales (64, 1) that were split off the outputs; not where either was widened."""
    ops = Ops()
    scale = ops.op("Exp", ops.op("Split", "axis", ops.dense("x", "1")))
    ratio = ops.op(name, "y", scale)
    place = found(ops, {"y": (64,), scale: (64, 1), ratio: (64, 64)})
    assert (place["labels"], place["output"], place["result"]) == ([64], [64, 1], [64, 64])
    assert found(ops, {"y": (64, 1), scale: (64, 1)}) is None

    ops = Ops()
    wide = ops.op("ExpandDims", ops.dense("x", "1"))
    ops.op(name, "y", wide)
    assert found(ops, {"y": (64,), wide: (64, 1)}) is None

    ops = Ops()
    flat, scores = ops.op("Squeeze", ops.dense("y", "2")), ops.dense("x", "1")
    ops.op(name, flat, scores)
    assert found(ops, {flat: (64,), scores: (64, 1)}) is None  # each of one network's with each of another's


def test_labels_that_meet_one_number() -> None:
    """A norm without its axis, squared: one number for the batch. Not a scale that is learned, nor a label alone."""
    ops = Ops()
    norm = ops.op("Squeeze", ops.op("Sqrt", ops.op("Sum", ops.dense("x", "1"), "axes")), rank=0)
    squared = ops.op("Square", norm, rank=0)
    ops.op("Mul", "y", squared)
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    known: dict[str, tuple[int, ...]] = {"y": (64,), squared: ()}
    place = one_number(trace, Shapes(known))  # type: ignore[arg-type]
    assert place is not None and (place["labels"], place["output"], place["one"]) == ([64], [], True)
    assert one_number(trace, Shapes({**known, "y": (64, 1)})) is not None  # type: ignore[arg-type]
    for shapes in ({**known, "y": (1,)}, {**known, "y": ()}, {**known, "y": (64, 3)}, {**known, squared: (64,)}):
        assert one_number(trace, Shapes(shapes)) is None  # type: ignore[arg-type]

    ops = Ops()
    picked = ops.op("StridedSlice", ops.dense("x", "1"), rank=0)
    ops.op("Mul", "y", picked)
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert one_number(trace, Shapes({"y": (64,), picked: ()})) is None  # type: ignore[arg-type]

    ops = Ops()
    scale = ops.variable("scale")
    ops.op("Mul", "y", scale)
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert one_number(trace, Shapes({"y": (64,), scale: ()})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["Log", "StopGradient"])
def test_a_number_of_the_batch_that_is_meant(kind: str) -> None:
    """The logarithm of a partition function, and a baseline that is kept out of the gradient."""
    ops = Ops()
    number = ops.op(kind, ops.op("Sum", ops.dense("x", "1"), "axes", rank=0), rank=0)
    ops.op("Mul", "y", number)
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert one_number(trace, Shapes({"y": (64,), number: ()})) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("stopped", [True, False])
def test_advantages_that_weigh_a_policy(stopped: bool) -> None:
    """What no gradient goes through meets a column of the network; other products of two networks may be meant."""
    ops = Ops()
    chosen, advantage = ops.op("Log", ops.dense("x", "1")), ops.op("Sub", ops.dense("y", "2"), "y")
    advantage = ops.op("StopGradient", advantage) if stopped else advantage
    ops.op("Mul", chosen, advantage)
    shapes: dict[str, tuple[int, ...]] = {chosen: (64, 1), advantage: (64,)}
    assert (found(ops, shapes) or {}).get("result") == ([64, 64] if stopped else None)
