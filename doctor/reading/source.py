"""The script and the user's other files as syntax trees, and the lines of what stands in them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from doctor.recording import Recording
from doctor.types import Location


@lru_cache(maxsize=32)
def parse(source: str) -> ast.Module | None:
    """The syntax tree of a script, or None where it is not Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=32)
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All nodes of a tree, from the outside in: rules ask often."""
    return tuple(ast.walk(tree))


@dataclass(frozen=True)
class Module:
    """One of the user's files.

    Attributes:
        path: as locations have it.
        text: as it was run.
        tree: of the whole file.
    """

    path: str
    text: str
    tree: ast.Module

    def at(self, line: int) -> Location:
        """The location of a line, from 1."""
        lines = self.text.splitlines()
        return Location(self.path, line, lines[line - 1].strip() if 0 < line <= len(lines) else "")


def modules(recording: Recording) -> list[Module]:
    """The script, and then the user's other files; without those that are not Python."""
    found = ((path, text, parse(text)) for path, text in recording.sources.items() if text)
    return [Module(path, text, tree) for path, text, tree in found if tree is not None]


def module_of(recording: Recording, location: Location | None) -> Module | None:
    """The file of a location, None where it is not as it was run."""
    if location is None:
        return None
    for module in modules(recording):
        if module.path == location.path:
            return module if location.code in ("", module.at(location.line).code) else None
    return None


def mention(recording: Recording, location: Location | None, word: str) -> Location | None:
    """The first line of its file whose code names `word`, unless that of `location` does already."""
    module = module_of(recording, location)
    if module is None or location is None or word in module.at(location.line).code:
        return location
    lines = [
        node.lineno
        for node in nodes(module.tree)
        if isinstance(node, ast.expr)
        and word in (getattr(node, "attr", None), getattr(node, "id", None), getattr(node, "value", None))
    ]
    return module.at(min(lines)) if lines else location


def keyword(recording: Recording, location: Location | None, name: str) -> Location | None:
    """The line of the argument `name=...` of a call that begins or stands on the line of `location`."""
    module = module_of(recording, location)
    if module is None or location is None:
        return location
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and node.lineno <= location.line <= (node.end_lineno or node.lineno):
            for argument in node.keywords:
                if argument.arg == name:
                    return module.at(argument.value.lineno)
    return location


def called(call: ast.Call) -> str:
    """The last part of the name that is called, or ""."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def asks_gradient(call: ast.Call) -> bool:
    """Whether a call asks a tape or an optimiser for the gradient of its first argument."""
    return called(call) in ("gradient", "minimize") and bool(call.args)


def averaged(value: ast.expr) -> ast.expr:
    """What a value is a mean or a sum of; the value itself where it is neither."""
    while isinstance(value, ast.Call) and called(value) in ("reduce_mean", "mean", "reduce_sum", "sum") and value.args:
        value = value.args[0]
    return value


def assignment(tree: ast.AST, name: str, line: int) -> ast.Assign | None:
    """The last plain assignment to `name` before `line`; None where it is a parameter there."""
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno):
            if name in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}:
                return None
    found = [
        node
        for node in nodes(tree)
        if isinstance(node, ast.Assign)
        and node.lineno < line
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return max(found, key=lambda node: node.lineno) if found else None
