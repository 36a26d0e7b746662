"""Metrics in the user's own loops."""

from __future__ import annotations

import ast

from doctor.reading.source import modules, nodes
from doctor.recording import Recording
from doctor.types import Location


def fed_at(recording: Recording, name: str) -> Location | None:
    """The first line that gives values to the metric `name`: `name.update_state(...)` or `name(y, z)`; else None."""
    found = [
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (f"{name}.update_state", name) and node.args
    ]
    return min(found, key=lambda place: place.line) if found else None


def reset_uncalled(recording: Recording) -> Location | None:
    """Where the method that resets a metric is named and not called: `metric.reset_state` alone on its line."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
                if node.value.attr in ("reset_state", "reset_states"):
                    return module.at(node.lineno)
    return None
