"""Cosine similarities of Keras, which are negative for vectors that are alike, and what is made of them."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LOSS = re.compile(r"loss|cost|objective|error|criterion", re.IGNORECASE)


def turned_similarity(recording: Recording) -> Location | None:
    """Where a cosine similarity of Keras is subtracted from something, or a loss is minus one."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                # Of two similarities one is subtracted from the other: for triplets that is right.
                negated = [node.right] if isinstance(node.left, ast.Constant) else []
            elif isinstance(node, ast.FunctionDef) and _LOSS.search(node.name):
                returns = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
                for value in returns:
                    if any(_is_similarity(module, one, value.lineno) for one in _minus(value)):
                        return module.at(value.lineno)
                continue
            elif isinstance(node, ast.Assign) and _LOSS.search(ast.unparse(node.targets[0])):
                negated = _minus(node.value)
            else:
                continue
            if any(_is_similarity(module, value, node.lineno) for value in negated):
                return module.at(node.lineno)
    return None


def _minus(value: ast.expr) -> list[ast.expr]:
    """What a value is minus of, also below a mean."""
    value = averaged(value)
    return [value.operand] if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else []


def _is_similarity(module: Module, value: ast.expr | None, line: int) -> bool:
    """Whether a value is `keras.losses.cosine_similarity(...)`, its mean, or a name for one of these."""
    for _ in range(4):
        value = averaged(value) if value is not None else None
        if isinstance(value, ast.Name):
            made = assignment(scope_at(module, line), value.id, line)
            value = made.value if made is not None else None
    if not isinstance(value, ast.Call) or called(value) != "cosine_similarity":
        return False
    owner = value.func.value if isinstance(value.func, ast.Attribute) else None
    return "losses" in ast.unparse(value.func) or owner is None and "losses import" in module.text
