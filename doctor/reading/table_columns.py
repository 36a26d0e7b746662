"""Columns of a table that the script computes itself."""

from __future__ import annotations

import ast
from typing import Iterable

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Methods of pandas and functions that leave NaN or infinity behind where their argument has none.
_LEAVING = frozenset(
    {"pct_change", "shift", "diff", "rolling", "expanding", "map", "reindex", "corr", "std", "var", "to_numeric",
     "log", "log2", "log10", "log1p", "sqrt", "power", "divide", "true_divide", "div", "truediv", "rdiv", "where",
     "mask"}
)  # fmt: skip


def computed_column(recording: Recording, names: Iterable[str]) -> Location | None:
    """The last line that assigns one of these columns something that may leave NaN or infinity in it, or None."""
    wanted = set(names)
    found = [
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Assign) and _column(node) in wanted and _may_leave(node.value)
    ]
    return max(found, key=lambda place: place.line) if found else None


def _column(node: ast.Assign) -> str | None:
    target = node.targets[0]
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return target.slice.value if isinstance(target.slice.value, str) else None
    return None


def _may_leave(value: ast.expr) -> bool:
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant)
        or isinstance(node, ast.Call) and called(node) in _LEAVING
        for node in ast.walk(value)
    )  # fmt: skip
