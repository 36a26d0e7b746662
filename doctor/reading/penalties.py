"""Penalties that layers ask for, and loops that leave them out."""

from __future__ import annotations

import ast

from doctor.reading.scopes import scope_at
from doctor.reading.source import assignment, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: What brings the penalties of layers into the loss of a training step of the script's own.
_ADDED = ("losses", "compute_loss", "compiled_loss", "add_loss")


def forgotten_penalties(recording: Recording) -> Location | None:
    """Where a loop of the script's own makes its loss without the penalties that its layers ask for; else None."""
    found = [(module, node) for module in modules(recording) for node in nodes(module.tree)]
    asked = any(isinstance(node, ast.keyword) and (node.arg or "").endswith("_regularizer")
                and not (isinstance(node.value, ast.Constant) and node.value.value is None)
                for _, node in found)  # fmt: skip
    attributes = [node for _, node in found if isinstance(node, ast.Attribute) and node.attr in _ADDED]
    added = any(not ast.unparse(node).endswith("keras.losses") for node in attributes)
    if not asked or added:
        return None
    for module, node in found:
        if isinstance(node, ast.Call) and called(node) == "gradient" and node.args:
            loss, scope = node.args[0], scope_at(module, node.lineno)
            made = assignment(scope, loss.id, node.lineno) if isinstance(loss, ast.Name) else None
            return module.at(made.lineno if made is not None else node.lineno)
    return None
