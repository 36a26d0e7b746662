"""What a step on the way of data does with it."""

from __future__ import annotations

import ast

from doctor.reading.chains import Step
from doctor.reading.source import called

_LOGARITHMS = frozenset({
    "log", "log2", "log10", "log1p", "sqrt", "divide", "true_divide", "power", "pow", "arccos", "arcsin",
})  # fmt: skip
_EMPTYING = frozenset({
    "zeros", "zeros_like", "clip", "where", "floor", "floor_divide", "full", "full_like", "fillna", "nan_to_num",
})  # fmt: skip


def may_leave_numbers(step: Step) -> bool:
    """Whether a step can make NaN or infinity of finite numbers: a division, a logarithm, a root."""
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant)
        or isinstance(node, ast.Call) and called(node) in _LOGARITHMS
        for node in ast.walk(step.value)
    )  # fmt: skip


def divides(step: Step) -> bool:
    """Whether a step divides by anything, as scaling does."""
    return any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) for node in ast.walk(step.value))


def may_empty(step: Step) -> bool:
    """Whether a step can leave nothing of the data: a slice of columns, a whole division, a product with 0."""
    for node in ast.walk(step.value):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.FloorDiv, ast.Mod)):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _is_zero(node.left, node.right):
            return True
        if isinstance(node, ast.Call) and called(node) in _EMPTYING:
            return True
        if isinstance(node, ast.Call) and called(node) == "pad_sequences" and "dtype" not in ast.unparse(node):
            return True  # it makes whole numbers unless it is told otherwise
        if isinstance(node, ast.Call) and called(node) == "astype" and "int" in ast.unparse(node):
            return True
    return False


def transforms(step: Step) -> bool:
    """Whether a step computes something, rather than taking rows apart."""
    return not step.splits


def _is_zero(*sides: ast.expr) -> bool:
    return any(isinstance(side, ast.Constant) and side.value == 0 for side in sides)
