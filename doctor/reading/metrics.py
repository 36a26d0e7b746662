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
