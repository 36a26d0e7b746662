"""Gradients that are clipped, and what is done with them."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import scope_at
from doctor.reading.source import called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_CLIPPING = frozenset({"clip_by_global_norm", "clip_by_norm", "clip_by_value"})


def clipped_in_vain(recording: Recording) -> tuple[Location, float | None] | None:
    """(line, limit where it is written out) of a clipping of gradients whose result is not used; else None.

    None too where an optimiser of the script clips by itself: then the norm alone may be what is wanted.
    """
    for module in modules(recording):
        if re.search(r"\b(global_)?clip(norm|value)\s*=", module.text):
            return None
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, (ast.Assign, ast.Expr)):
                continue
            call = _clipping(node.value)
            if call is None or "grad" not in ast.unparse(node).lower() and called(call) != "clip_by_global_norm":
                continue
            if isinstance(node, ast.Assign) and not _unused(node, call, scope_at(module, node.lineno)):
                continue
            limits = [one.value for one in (*call.args[1:], *(word.value for word in call.keywords))
                      if isinstance(one, ast.Constant) and isinstance(one.value, (int, float))]  # fmt: skip
            return module.at(node.lineno), float(limits[0]) if limits else None
    return None


def applied_after(recording: Recording, place: Location) -> Location | None:
    """Where the function in which a line stands hands gradients to the optimiser, below that line."""
    module = module_of(recording, place)
    scope = scope_at(module, place.line) if module is not None else None
    lines = [node.lineno for node in ast.walk(scope) if isinstance(node, ast.Call) and node.lineno > place.line
             and called(node) in ("apply_gradients", "apply")] if scope is not None else []  # fmt: skip
    return module.at(min(lines)) if module is not None and lines else None


def _clipping(value: ast.expr) -> ast.Call | None:
    """The call that clips, where a statement is that call, its first result, or a list of such calls."""
    if isinstance(value, (ast.ListComp, ast.GeneratorExp)):
        value = value.elt
    elif isinstance(value, ast.Subscript):
        value = value.value
    return value if isinstance(value, ast.Call) and called(value) in _CLIPPING else None


def _unused(made: ast.Assign, call: ast.Call, scope: ast.AST) -> bool:
    """Whether the clipped gradients are read nowhere: of `clipped, norm = ...` the first counts, `_` is the norm's."""
    target = made.targets[0]
    if called(call) == "clip_by_global_norm" and isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[0]
    if not isinstance(target, ast.Name) or target.id == "_":
        return False
    read = {node.id for node in ast.walk(scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return target.id not in read
