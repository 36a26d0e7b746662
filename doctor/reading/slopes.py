"""Where the script takes a root, a norm or a power whose slope is infinite at zero."""

from __future__ import annotations

import ast

from doctor.reading.source import assignment, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Functions whose slope is infinite, or 0 / 0, where the argument is zero (or one).
_STEEP = ("sqrt", "norm", "rsqrt", "pow", "acos", "arccos", "asin", "arcsin", "reduce_euclidean_norm", "reduce_std")
#: Next to these the steepness is out of reach, or both branches of a choice are taken backwards.
_OTHERS = ("log", "divide", "truediv", "where", "log1p")
_BOUNDS = ("maximum", "clip_by_value", "clip", "relu")


def steep(recording: Recording) -> tuple[Location, str] | None:
    """(line, function) of the first root, norm or power in a function, loop or tape; then of a logarithm or division.

    Calls of numpy and math are not differentiated; an argument that something is added to, or that
    is bounded, stays clear of zero.
    """
    for names in (_STEEP, _OTHERS):
        for module in modules(recording):
            found = []
            for node in nodes(module.tree):
                named = isinstance(node, ast.Call) and called(node) in names
                if isinstance(node, ast.Call) and named and differentiated(node) and not bounded(node):
                    found.append((node.lineno, called(node)))
                elif isinstance(node, ast.BinOp) and _is_steep(node, names) and not holds_bound(node.left, node.right):
                    found.append((node.lineno, "power" if isinstance(node.op, ast.Pow) else "division"))
            for line, name in sorted(found):
                if _within(module.tree, line):
                    return module.at(line), name
    return None


def differentiated(call: ast.Call) -> bool:
    """Whether a call is no NumPy or plain Python one, by the name of its module."""
    owner = ast.unparse(call.func).split(".", 1)[0]
    return owner not in ("np", "numpy", "math", "scipy", "pd", "plt")


def bounded(call: ast.Call) -> bool:
    """Whether the first argument of a call is kept away from zero."""
    return bool(call.args) and holds_bound(call.args[0])


def holds_bound(*parts: ast.expr) -> bool:
    """Whether a small number is added in one of the parts, or it is bounded."""
    for part in (one for part in parts for one in ast.walk(part)):
        if isinstance(part, ast.Call) and called(part) in _BOUNDS:
            return True
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
            for side in (part.left, part.right):
                if isinstance(side, ast.Constant) or "eps" in ast.unparse(side).lower():
                    return True
    return False


def _is_steep(node: ast.BinOp, names: tuple[str, ...]) -> bool:
    if names is _STEEP:
        power = node.right.value if isinstance(node.right, ast.Constant) else None
        return isinstance(node.op, ast.Pow) and isinstance(power, float) and power < 1
    return isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant)


def _within(tree: ast.Module, line: int) -> bool:
    """Whether a line stands in a function, a loop or a `with` block, where a forward pass would be."""
    kinds = (ast.FunctionDef, ast.Lambda, ast.With, ast.For, ast.While)
    return any(isinstance(node, kinds) and node.lineno <= line <= (node.end_lineno or 0) for node in nodes(tree))


#: The smallest number of half precision is 2^-24; half of it and less is rounded to zero.
_SMALLEST_HALF = 2.0**-25


def lost_in_half(recording: Recording) -> tuple[Location, str, str] | None:
    """(line, function, number) of a logarithm, root or division that a number which half precision loses guards."""
    for module in modules(recording):
        for node in nodes(module.tree):
            guarded: ast.expr | None = None
            if isinstance(node, ast.Call) and called(node) in (*_STEEP, "log") and node.args:
                guarded = node.args[0]
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                guarded = node.right
            added = isinstance(guarded, ast.BinOp) and isinstance(guarded.op, ast.Add)
            if not added or not isinstance(node, ast.expr) or not isinstance(guarded, ast.BinOp):
                continue
            for side in (guarded.left, guarded.right):
                made = assignment(module.tree, side.id, node.lineno) if isinstance(side, ast.Name) else None
                value = made.value if made is not None else side
                if isinstance(value, ast.Constant) and isinstance(value.value, float):
                    if 0 < value.value <= _SMALLEST_HALF:
                        name = called(node) if isinstance(node, ast.Call) else "division"
                        return module.at(node.lineno), name, ast.unparse(value)
    return None
