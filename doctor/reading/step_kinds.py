"""What a step on the way of data does with it."""

from __future__ import annotations

import ast

from doctor.reading.chains import Step, history_of
from doctor.reading.scopes import scope_at
from doctor.reading.source import assignment, called
from doctor.recording import Recording
from doctor.types import Location, Site

_LOGARITHMS = frozenset({
    "log", "log2", "log10", "log1p", "sqrt", "divide", "true_divide", "power", "pow", "arccos", "arcsin",
})  # fmt: skip
_CONVERTING = frozenset({"to_numpy", "astype", "reshape", "pop", "ravel", "flatten"})
_EMPTYING = frozenset({
    "zeros", "zeros_like", "clip", "where", "floor", "floor_divide", "full", "full_like", "fillna", "nan_to_num",
})  # fmt: skip

_STATISTICS = frozenset({"mean", "median", "min", "max", "amin", "amax", "average", "reduce_mean", "reduce_min"})


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
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and not _adds_axes(node.slice):
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


def centred_at(recording: Recording, array: Site | None) -> Location | None:
    """Where what is subtracted from an array is taken of itself along an axis: nothing is left where that has length 1.

    `x - x.mean(axis=-1, keepdims=True)`, also with the mean in a variable of its own.
    """
    for step in history_of(recording, array):
        scope = scope_at(step.module, step.line)
        for node in ast.walk(step.value):
            if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
                continue
            made = assignment(scope, node.right.id, step.line) if isinstance(node.right, ast.Name) else None
            taken = made.value if made is not None else node.right
            if not isinstance(taken, ast.Call) or called(taken) not in _STATISTICS:
                continue
            parts = [ast.unparse(one) for one in ast.walk(taken) if isinstance(one, ast.expr)]
            if ast.unparse(node.left) in parts and any(word.arg == "axis" for word in taken.keywords):
                return step.module.at(taken.lineno)
    return None


def _adds_axes(index: ast.Tuple) -> bool:
    """Whether an index takes everything, and adds axes: `x[..., np.newaxis]`, `x[:, :, None]`."""
    return all(
        isinstance(one, ast.Constant) and one.value in (None, Ellipsis)
        or isinstance(one, ast.Slice) and one.lower is one.upper is one.step is None
        or isinstance(one, ast.Attribute) and one.attr == "newaxis"
        for one in index.elts
    )  # fmt: skip


def transforms(step: Step) -> bool:
    """Whether a step computes something, rather than taking rows apart."""
    return not step.splits


def converted_at(recording: Recording, array: Site | None) -> Location | None:
    """The latest step that makes an array, where that only takes it out of a table, or writes it in another form.

    `rows[:, -1:]`, `table["price"].to_numpy()`, `x.reshape(-1, 784).astype("float32")`: a place to scale it, which
    the formula of made-up data is not.
    """
    step = next((one for one in history_of(recording, array) if transforms(one)), None)
    return step.module.at(step.line) if step is not None and _converts(step.value) else None


def _converts(value: ast.expr) -> bool:
    if any(isinstance(node, ast.BinOp) for node in ast.walk(value)):
        return False
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and called(value) in _CONVERTING
    taken = value.value if isinstance(value, ast.Attribute) and value.attr == "values" else value
    return taken is not value or isinstance(taken, ast.Subscript)


def _is_zero(*sides: ast.expr) -> bool:
    return any(isinstance(side, ast.Constant) and side.value == 0 for side in sides)
