"""Losses that are squared near zero and straight beyond, told by their ops."""

from __future__ import annotations

from typing import Callable

import pytest

from doctor.capture.tensorflow.robust_losses import is_robust
from doctor.capture.tensorflow.trace import Trace
from tests.graph_ops import Ops, head_of


def huber_keras(ops: Ops, d: str) -> str:
    size = ops.op("Abs", d)
    square = ops.op("Mul", "half", ops.op("Square", d))
    return ops.op("SelectV2", ops.op("LessEqual", size, "delta"), square, ops.op("Sub", size, "half"))


def huber_cut_off(ops: Ops, d: str) -> str:
    size = ops.op("Abs", d)
    near = ops.op("Minimum", size, "delta")
    return ops.op("AddV2", ops.op("Mul", near, near), ops.op("Sub", size, near))


def log_cosh_keras(ops: Ops, d: str) -> str:
    return ops.op("Sub", ops.op("AddV2", d, ops.op("Softplus", ops.op("Mul", d, "minus_two"))), "log_two")


def log_cosh(ops: Ops, d: str) -> str:
    return ops.op("Log", ops.op("Cosh", d))


def pseudo_huber(ops: Ops, d: str) -> str:
    return ops.op("Sub", ops.op("Sqrt", ops.op("AddV2", "one", ops.op("Square", d))), "one")


def squared(ops: Ops, d: str) -> str:
    return ops.op("Square", d)


def absolute(ops: Ops, d: str) -> str:
    return ops.op("Abs", d)


def quantile(ops: Ops, d: str) -> str:
    return ops.op("Maximum", ops.op("Mul", "q", d), ops.op("Mul", "q_minus_one", d))


@pytest.mark.parametrize(
    ("loss", "robust"),
    [
        (huber_keras, True),
        (huber_cut_off, True),
        (log_cosh_keras, True),
        (log_cosh, True),
        (pseudo_huber, True),
        (squared, False),
        (absolute, False),
        (quantile, False),
    ],
)
def test_what_is_robust(loss: Callable[[Ops, str], str], robust: bool) -> None:
    ops = Ops()
    output = ops.dense(ops.dense("x", "1", "Relu"), "2")
    head = head_of(ops, ops.op("Mean", loss(ops, ops.op("Sub", output, "y")), rank=0))
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert head.node.op == "Sub" and is_robust(trace, head.node) is robust
