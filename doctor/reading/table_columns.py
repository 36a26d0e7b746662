"""Columns of a table that the script computes itself."""

from __future__ import annotations

import ast
from typing import Iterable, Sequence

from doctor.reading.chains import history, history_of
from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: Methods of pandas and functions that leave NaN or infinity behind where their argument has none.
_MAKING = frozenset(
    {"pct_change", "shift", "diff", "rolling", "expanding", "map", "reindex", "to_numeric", "log", "log2", "log10",
     "log1p", "sqrt", "power", "divide", "true_divide", "div", "truediv", "rdiv", "where", "mask"}
)  # fmt: skip

#: Methods after which what was not found is a number like any other.
_FILLING = frozenset({"fillna", "nan_to_num", "reindex", "get_indexer", "where", "mask"})

#: Functions that put columns side by side.
_STACKING = frozenset({"stack", "column_stack", "hstack", "concatenate", "array", "asarray"})


def computed_column(recording: Recording, names: Iterable[str]) -> Location | None:
    """The last line that assigns one of these columns something that may leave NaN or infinity in it, or None."""
    wanted = set(names)
    found = [
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Assign) and _column(node) in wanted and _may_leave(node)
    ]
    found += [
        module.at(value.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Call) and called(node) == "DataFrame" and node.args
        and isinstance(node.args[0], ast.Dict)
        for key, value in zip(node.args[0].keys, node.args[0].values)
        if isinstance(key, ast.Constant) and key.value in wanted and _leaves(value)
    ]  # fmt: skip
    return max(found, key=lambda place: place.line) if found else None


def stacked_column(recording: Recording, array: Site, columns: Sequence[int]) -> Location | None:
    """Where the only column of these was computed, of an array that the script puts together of its columns.

    Args:
        recording: the run.
        array: of kind "array".
        columns: their numbers.

    Returns:
        None where there are several, or where the array was not made so.
    """
    width = len(array.attributes.get("columns") or ())
    for step in history_of(recording, array) if len(columns) == 1 else ():
        parts = next(
            (node.args[0].elts for node in ast.walk(step.value)
             if isinstance(node, ast.Call) and called(node) in _STACKING and node.args
             and isinstance(node.args[0], (ast.List, ast.Tuple)) and len(node.args[0].elts) == width),
            None,
        )  # fmt: skip
        if parts is None or width < 2:
            continue
        part, place = parts[columns[0]], step.module.at(step.line)
        if isinstance(part, ast.Name):
            made = next(history(recording, part.id, place), None)
            return made.module.at(made.line) if made is not None else None
        return step.module.at(part.lineno) if _leaves(part) else None
    return None


def _column(node: ast.Assign) -> str | None:
    target = node.targets[0]
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return target.slice.value if isinstance(target.slice.value, str) else None
    return None


def _may_leave(made: ast.Assign) -> bool:
    """Whether a column may get NaN or infinity here that it did not have: scaling by itself hands on what was there."""
    parts = list(ast.walk(made.value))
    itself = any(isinstance(one, ast.expr) and ast.unparse(one) == ast.unparse(made.targets[0]) for one in parts)
    return _leaves(made.value, scaled=itself)


def _leaves(value: ast.expr, scaled: bool = False) -> bool:
    """Whether an expression can make NaN or infinity; a division does not count where a column is `scaled`."""
    parts = list(ast.walk(value))
    divided = any(
        isinstance(one, ast.BinOp) and isinstance(one.op, ast.Div) and not isinstance(one.right, ast.Constant)
        for one in parts
    )
    return divided and not scaled or any(isinstance(one, ast.Call) and called(one) in _MAKING for one in parts)


def only_maker(recording: Recording) -> Location | None:
    """The line that computes a column of a table by what leaves NaN or infinity behind, where there is no other."""
    found = {
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)
        and any(isinstance(one, ast.Call) and called(one) in _MAKING for one in ast.walk(node.value))
    }
    return found.pop() if len(found) == 1 else None


def emptied_column(recording: Recording, names: Iterable[str]) -> Location | None:
    """The last line that fills gaps of these columns with a number, by their names or by a part that all end with."""
    wanted = list(names)
    found = None
    for module in modules(recording):
        for node in nodes(module.tree):
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if not isinstance(target, ast.Subscript) or not isinstance(node, ast.Assign):
                continue
            whole = isinstance(target.slice, ast.Constant)
            parts = [one.value for one in ast.walk(target.slice)
                     if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value]  # fmt: skip
            fills = any(isinstance(one, ast.Call) and called(one) in _FILLING for one in ast.walk(node.value))
            if fills and parts and wanted and all(
                name == parts[-1] if whole else name.endswith(parts[-1]) for name in wanted
            ):
                found = module.at(node.lineno)
    return found
