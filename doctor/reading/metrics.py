"""Metrics in the user's own loops."""

from __future__ import annotations

import ast

from doctor.reading.source import called, modules, nodes
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


def compared_at(recording: Recording, name: str) -> Location | None:
    """Where a metric of the script's own compares by size: in the function or the class `name`, or what it calls."""
    written = {node.name: (module, node) for module in modules(recording) for node in nodes(module.tree)
               if isinstance(node, (ast.FunctionDef, ast.ClassDef))}  # fmt: skip
    waiting, seen = [name], set()
    while waiting:
        one = waiting.pop(0)
        if one in seen or one not in written:
            continue
        seen.add(one)
        module, body = written[one]
        for node in ast.walk(body):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                return module.at(node.lineno)
            if isinstance(node, ast.Call) and called(node) in ("less", "less_equal", "greater", "greater_equal"):
                return module.at(node.lineno)
            if isinstance(node, ast.Call):
                waiting.append(called(node))
    return None


def reset_uncalled(recording: Recording) -> Location | None:
    """Where the method that resets a metric is named and not called: `metric.reset_state` alone on its line."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
                if node.value.attr in ("reset_state", "reset_states"):
                    return module.at(node.lineno)
    return None
