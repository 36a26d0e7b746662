"""How many steps a script takes for an epoch."""

from __future__ import annotations

import ast

from doctor.reading.iterators import own_iterator
from doctor.reading.source import Module, assignment, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_ROUNDING = ("int", "ceil", "floor", "round", "max")


def divided_twice(recording: Recording) -> Location | None:
    """Where `fit` takes `len(batches) // size` steps for an epoch, of data that counts its batches already; or None."""
    for module in modules(recording):
        for call in nodes(module.tree):
            if not isinstance(call, ast.Call) or called(call) != "fit":
                continue
            words = {word.arg: word.value for word in call.keywords}
            given, steps = words.get("x") or (call.args[0] if call.args else None), words.get("steps_per_epoch")
            if not isinstance(given, ast.Name) or steps is None:
                continue
            value = _assigned(module, steps) if isinstance(steps, ast.Name) else steps
            while isinstance(value, ast.Call) and called(value) in _ROUNDING and value.args:
                value = value.args[-1]
            if not isinstance(value, ast.BinOp) or not isinstance(value.op, (ast.FloorDiv, ast.Div)):
                continue
            if ast.unparse(value.left) != f"len({given.id})":
                continue
            if _batches(recording, _assigned(module, given)):
                return module.at(value.lineno)
    return None


def _assigned(module: Module, name: ast.Name) -> ast.expr | None:
    """What a name was given last."""
    made = assignment(module.tree, name.id, name.lineno)
    return made.value if made is not None else None


def _batches(recording: Recording, value: ast.expr | None) -> bool:
    """Whether a value counts in batches: an iterator of the script's own, or a dataset that was batched."""
    if not isinstance(value, ast.Call):
        return False
    batched = any(isinstance(node, ast.Call) and called(node) == "batch" for node in ast.walk(value))
    return batched or own_iterator(recording, called(value)) is not None
