"""Masks of padding in losses that the script writes itself."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How people call the number that stands for nothing.
_NOTHING = re.compile(r"(^|_|\.)(pad|padding|ignore|ignored|mask|masked|blank|missing|void)(_|$|\d)", re.IGNORECASE)
_LOSS = re.compile(r"loss|nll|xent|entropy|(^|_)ce(_|$)|per_|error", re.IGNORECASE)


def turned_mask(recording: Recording) -> Location | None:
    """Where a mask that is 1 at padding, and nowhere else, multiplies the losses; or None.

    `mask = cast(equal(y, PAD))` and then `loss * mask`.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            masks = {
                target.id: node
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and _is_of_padding(node.value)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                factor = node.value if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mult) else None
                sides = [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else []
                if isinstance(node, ast.AugAssign) and factor is not None:
                    sides = [node.target, factor]
                named = [side.id for side in sides if isinstance(side, ast.Name) and side.id in masks]
                others = [side for side in sides if not (isinstance(side, ast.Name) and side.id in masks)]
                if named and others and _LOSS.search(ast.unparse(others[0])):
                    return module.at(masks[named[0]].lineno)
    return None


def _is_of_padding(value: ast.expr) -> bool:
    """Whether a value is a cast of `y == PAD`, and not of its opposite."""
    while isinstance(value, ast.Call) and called(value) in ("cast", "astype", "float", "to_float", "convert_to_tensor"):
        if called(value) == "astype" and isinstance(value.func, ast.Attribute):
            value = value.func.value
        elif value.args:
            value = value.args[0]
        else:
            return False
    if isinstance(value, ast.Call) and called(value) == "equal" and len(value.args) == 2:
        sides = list(value.args)
    elif isinstance(value, ast.Compare) and len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        sides = [value.left, value.comparators[0]]
    else:
        return False
    return any(_NOTHING.search(ast.unparse(side)) is not None or _is_zero(side) for side in sides)


def _is_zero(side: ast.expr) -> bool:
    try:
        value = ast.literal_eval(side)
    except (ValueError, TypeError):
        return False
    return not isinstance(value, bool) and value in (0, -1, -100)
