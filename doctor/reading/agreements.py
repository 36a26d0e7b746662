"""Measures of agreement, such as Dice, IoU and F1: the larger, the better; and losses that return them as they are."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import assignment, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How functions are called that measure how well two things agree.
_COEFFICIENT = re.compile(r"dice|(^|_)iou|jaccard|tversky|(^|_)f_?1|f_?score|overlap|ssim|psnr", re.I)


def coefficient_minimised(recording: Recording, name: str | None) -> Location | None:
    """Where the loss function `name` returns a quotient that measures agreement as it is.

    It is known by its name, or by what is divided: a sum of products of truth and prediction, by a sum of both.
    """
    for module in modules(recording) if name else ():
        own = {one.name: one for one in nodes(module.tree) if isinstance(one, ast.FunctionDef)}
        for function in nodes(module.tree):
            if isinstance(function, ast.ClassDef) and function.name == name:
                function = next((one for one in function.body if getattr(one, "name", "") == "call"), function)
            elif getattr(function, "name", "") != name:
                continue
            if not isinstance(function, ast.FunctionDef):
                continue
            returns = [one for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
            value = returns[-1].value if returns else None
            within = function
            for _ in range(4):  # return mean(coefficient), where coefficient = a / b; return dice(y_true, y_pred)
                other = own.get(called(value)) if isinstance(value, ast.Call) else None
                if isinstance(value, ast.Call) and called(value) in ("reduce_mean", "mean") and value.args:
                    value = value.args[0]
                elif other is not None and _COEFFICIENT.search(other.name):
                    within, inner = other, [one for one in ast.walk(other) if isinstance(one, ast.Return)]
                    value = inner[-1].value if inner else None
                elif isinstance(value, ast.Name):
                    made = assignment(within, value.id, within.end_lineno or within.lineno)
                    value = made.value if made is not None else None
            parts = _quotient(value)
            if parts is None or any(isinstance(one, ast.USub) for one in ast.walk(parts[0])):
                continue
            if _COEFFICIENT.search(name or "") or within is not function or _overlaps(within, *parts):
                return module.at(returns[-1].lineno)
    return None


def _quotient(value: ast.expr | None) -> tuple[ast.expr, ast.expr] | None:
    """What is divided, and by what."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
        return value.left, value.right
    if isinstance(value, ast.Call) and called(value) in ("divide", "divide_no_nan") and len(value.args) >= 2:
        return value.args[0], value.args[1]
    return None


def _overlaps(function: ast.FunctionDef, above: ast.expr, below: ast.expr) -> bool:
    """Whether a product of the two arguments stands above, and a sum that both are part of below."""
    arguments = {one.arg for one in function.args.args if one.arg != "self"}
    if len(arguments) != 2:
        return False
    products, sums = (
        [one for one in _resolved(function, part) if isinstance(one, ast.BinOp) and isinstance(one.op, kind)]
        for part, kind in ((above, ast.Mult), (below, ast.Add))
    )
    both = [any(arguments <= _told(function, one) for one in found) for found in (products, sums)]
    return all(both)


def _told(function: ast.FunctionDef, value: ast.expr) -> set[str]:
    """The names in a value and in what its names are given."""
    return {name for part in _resolved(function, value) for name in _names(part)}


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id not in ("tf", "K", "ops", "keras")}


def _resolved(function: ast.FunctionDef, value: ast.expr) -> list[ast.AST]:
    """The nodes of a value and of what its names are given in the function, three steps back."""
    found, waiting = list(ast.walk(value)), [value]
    for _ in range(3):
        later = []
        for node in waiting:
            for name in sorted(_names(node)):
                made = assignment(function, name, getattr(node, "lineno", 0))
                if made is not None and averaged(made.value) not in found:
                    found += ast.walk(made.value)
                    later.append(made.value)
        waiting = later
    return found
