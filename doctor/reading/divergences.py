"""Where the script adds up the Kullback-Leibler divergence of a code from a normal distribution, and over what."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_SQUARES = ("square", "pow", "power")
_REDUCTIONS = {"reduce_mean": "mean", "mean": "mean", "reduce_sum": "sum", "sum": "sum"}


@dataclass(frozen=True)
class Divergence:
    """A divergence and how it is reduced.

    Attributes:
        location: of its terms.
        reductions: (("sum" or "mean"), axes or None for all that are left, line) from the inside out.
    """

    location: Location
    reductions: tuple[tuple[str, tuple[int, ...] | None, Location], ...]

    @property
    def over_batch(self) -> Location | None:
        """The line that sums over the examples of the batch, and does not average."""
        for kind, axes, line in self.reductions:
            if axes is None or 0 in axes:
                return line if kind == "sum" else None
        return None


def divergence(recording: Recording) -> Divergence | None:
    """The first of them: 1 + log v - m^2 - v, with v = exp(log v) or log v = log(s^2), in any order and scale."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.BinOp) and _is_divergence(node):
                return Divergence(module.at(node.lineno), tuple(_reductions(module, node)))
    return None


def _is_divergence(node: ast.BinOp) -> bool:
    inside = list(ast.walk(node))
    squares = sum(
        isinstance(one, ast.Call) and called(one) in _SQUARES
        or isinstance(one, ast.BinOp) and isinstance(one.op, ast.Pow)
        or isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult) and ast.dump(one.left) == ast.dump(one.right)
        for one in inside
    )  # fmt: skip
    if not squares or any(isinstance(one, ast.Call) and called(one) in _REDUCTIONS for one in inside):
        return False
    for call in (one for one in inside if isinstance(one, ast.Call) and called(one) in ("exp", "log") and one.args):
        if called(call) == "log":
            if squares > 1:
                return True
            continue
        within = {id(one) for one in ast.walk(call)}
        variance = ast.dump(call.args[0])
        if any(id(one) not in within and ast.dump(one) == variance for one in inside):
            return True
    return False


def _reductions(module: Module, node: ast.AST) -> list[tuple[str, tuple[int, ...] | None, Location]]:
    """Reductions around an expression, and around the names that it is given, within the same function."""
    parents = {id(child): parent for parent in nodes(module.tree) for child in ast.iter_child_nodes(parent)}
    found: list[tuple[str, tuple[int, ...] | None, Location]] = []
    current: ast.AST | None = node
    for _ in range(64):
        if current is None:
            break
        if isinstance(current, ast.Call) and called(current) in _REDUCTIONS:
            found.append((_REDUCTIONS[called(current)], _axes(current), module.at(current.lineno)))
        parent = parents.get(id(current))
        if isinstance(parent, (ast.Assign, ast.AugAssign)):
            current = _use(module, parent)
        elif parent is None or isinstance(parent, (ast.Return, ast.FunctionDef, ast.Module)):
            break
        else:
            current = parent
    return found


def _use(module: Module, made: ast.Assign | ast.AugAssign) -> ast.AST | None:
    """The first use, after an assignment, of the name that it is to."""
    target = made.targets[0] if isinstance(made, ast.Assign) else made.target
    if not isinstance(target, ast.Name):
        return None
    uses = [
        node
        for node in nodes(module.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id == target.id
        and node.lineno > (made.end_lineno or made.lineno)
    ]
    return min(uses, key=lambda one: (one.lineno, one.col_offset)) if uses else None


def _axes(call: ast.Call) -> tuple[int, ...] | None:
    by_place = call.args[1] if len(call.args) > 1 else None
    given = next((one.value for one in call.keywords if one.arg == "axis"), by_place)
    if given is None:
        return None
    try:
        value = ast.literal_eval(given)
    except ValueError:
        return ()
    return tuple(value) if isinstance(value, (tuple, list)) else None if value is None else (int(value),)
