"""Masks of padding in losses that the script writes itself."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How people call the number that stands for nothing.
_NOTHING = re.compile(r"(^|_|\.)(pad|padding|ignore|ignored|blank|void)(_|$|\d)", re.IGNORECASE)
_LABELS = re.compile(r"(y|ys|y_true|labels?|targets?|tags?|truth)(_|$|\d)", re.IGNORECASE)
_LOSS = re.compile(r"loss|nll|xent|entropy|(^|_)ce(_|$)|per_|error", re.IGNORECASE)


def turned_mask(recording: Recording) -> tuple[Location, bool] | None:
    """(where a mask that is 1 at padding, and nowhere else, multiplies the losses, whether it says padding); or None.

    `mask = cast(equal(y, PAD))` and then `loss * mask`. A bare number counts only beside labels, and nothing where
    the opposite of the mask, or another one, multiplies losses too: weights of classes, parts of two domains.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            masks = {
                target.id: (node, told)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and (told := _of_padding(node.value)) is not None
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            used = {name for name in masks if _multiplies_losses(function, name)}
            if len(used) == 1 and not any(_turns(node, used) for node in ast.walk(function)):
                node, told = masks[used.pop()]
                return module.at(node.lineno), told
    return None


def _multiplies_losses(function: ast.FunctionDef, name: str) -> bool:
    for node in ast.walk(function):
        sides: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            sides = [node.left, node.right]
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mult):
            sides = [node.target, node.value]
        others = [side for side in sides if not (isinstance(side, ast.Name) and side.id == name)]
        if len(others) == 1 and _LOSS.search(ast.unparse(others[0])):
            return True
    return False


def _turns(node: ast.AST, names: set[str]) -> bool:
    """Whether a node is `1 - mask`, or its negation."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Name) and node.right.id in names
    if isinstance(node, ast.Call) and called(node) == "logical_not":
        return any(isinstance(one, ast.Name) and one.id in names for one in node.args)
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Name) and node.operand.id in names


def _of_padding(value: ast.expr) -> bool | None:
    """None, unless a value is a cast of `y == PAD`; then whether it says that it is padding."""
    while isinstance(value, ast.Call) and called(value) in ("cast", "astype", "float", "to_float", "convert_to_tensor"):
        if called(value) == "astype" and isinstance(value.func, ast.Attribute):
            value = value.func.value
        elif value.args:
            value = value.args[0]
        else:
            return None
    if isinstance(value, ast.Call) and called(value) == "equal" and len(value.args) == 2:
        sides = list(value.args)
    elif isinstance(value, ast.Compare) and len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        sides = [value.left, value.comparators[0]]
    else:
        return None
    numbers = [_number(side) for side in sides]
    if -100 in numbers or any(_NOTHING.search(ast.unparse(side)) is not None for side in sides):
        return True
    beside = any(_LABELS.match(ast.unparse(side)) is not None for side in sides)
    return False if beside and (0 in numbers or -1 in numbers) else None


def _number(side: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(side)
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
