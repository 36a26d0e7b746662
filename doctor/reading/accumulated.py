"""Gradients that a script adds up over several batches, and never sets back to zero."""

from __future__ import annotations

import ast
from typing import Iterator

from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LOOPS = (ast.For, ast.While)


def never_emptied(recording: Recording) -> Location | None:
    """The line that applies sums of gradients which no line sets back to zero; None where there is none."""
    for module in modules(recording):
        for name, line in _applied(module):
            if _grows(module, name) and not _emptied(module, name):
                return module.at(line)
    return None


def _applied(module: Module) -> Iterator[tuple[str, int]]:
    """(name, line) of the lists that are applied: by an optimiser, or by `assign_sub` in a loop over them."""
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and called(node) in ("apply_gradients", "apply") and node.args:
            for name in _names(node.args[0]):
                yield name, node.lineno
        elif isinstance(node, ast.For):
            for name, item in _items(node.target, node.iter):
                for call in _calls(node, "assign_sub"):
                    if any(item in _names(arg) for arg in call.args):
                        yield name, call.lineno


def _grows(module: Module, name: str) -> bool:
    """Whether something is added to a list's entries, in place or by new sums; what decays as it grows is a mean."""
    for node in nodes(module.tree):
        if isinstance(node, ast.For):
            for listed, item in _items(node.target, node.iter):
                if listed == name and any(
                    _of(call) == item and not any(item in _names(arg) for arg in call.args)
                    for call in _calls(node, "assign_add")
                ):
                    return True
        elif isinstance(node, ast.Assign) and name in _targets(node) and isinstance(node.value, ast.ListComp):
            total = node.value.elt
            for listed, item in _items(node.value.generators[0].target, node.value.generators[0].iter):
                if listed == name and isinstance(total, ast.BinOp) and isinstance(total.op, ast.Add):
                    if item in (ast.unparse(total.left), ast.unparse(total.right)):
                        return True
    return False


def _emptied(module: Module, name: str) -> bool:
    """Whether a line may set it back: an entry is assigned, or the name is given something else within a loop."""
    for node in nodes(module.tree):
        if isinstance(node, (ast.For, ast.comprehension)):
            for listed, item in _items(node.target, node.iter):
                body = node if isinstance(node, ast.For) else module.tree
                if listed == name and any(_of(call) == item for call in _calls(body, "assign")):
                    return True
        if isinstance(node, ast.Call) and called(node) == "assign" and _of(node).startswith(f"{name}["):
            return True
        if isinstance(node, (*_LOOPS, ast.FunctionDef)):
            for one in ast.walk(node):
                if isinstance(one, ast.Assign) and name in _targets(one) and name not in _names(one.value):
                    return True
        if isinstance(node, ast.Call) and name in _names(node) and called(node) in ("clear", "reset", "zero_grad"):
            return True
    return False


def _items(target: ast.expr, source: ast.expr) -> Iterator[tuple[str, str]]:
    """(list, name of its entry) of a loop: `for t, g in zip(total, grads)`, also in `enumerate`."""
    if isinstance(source, ast.Call) and called(source) == "enumerate" and source.args:
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            yield from _items(target.elts[1], source.args[0])
    elif isinstance(source, ast.Call) and called(source) == "zip" and isinstance(target, ast.Tuple):
        for one, listed in zip(target.elts, source.args):
            yield from _items(one, listed)
    elif isinstance(target, ast.Name) and isinstance(source, (ast.Name, ast.Attribute)):
        yield ast.unparse(source), target.id


def _calls(around: ast.AST, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(around) if isinstance(node, ast.Call) and called(node) == name]


def _of(call: ast.Call) -> str:
    """What a method is called of."""
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _targets(node: ast.Assign) -> set[str]:
    """What is assigned to, also within a tuple: `sums, count = zeros(), 0`."""
    parts = [part for one in node.targets for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    return {ast.unparse(one) for one in parts}


def _names(value: ast.AST) -> set[str]:
    return {ast.unparse(one) for one in ast.walk(value) if isinstance(one, (ast.Name, ast.Attribute))}
