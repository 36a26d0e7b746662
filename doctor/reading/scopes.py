"""Functions of the user's files: which one a line stands in, which one a call means, what it was given."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from doctor.reading.source import Module, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location


@dataclass(frozen=True)
class Place:
    """Where a name is looked up.

    Attributes:
        module: the file.
        scope: the function, or the whole file.
        line: assignments after it do not count.
    """

    module: Module
    scope: ast.AST
    line: int


@lru_cache(maxsize=32)
def _functions(tree: ast.Module) -> tuple[tuple[ast.FunctionDef, ast.ClassDef | None], ...]:
    """All functions of a file, with the class that they are methods of."""
    methods = {id(one): owner for owner in nodes(tree) if isinstance(owner, ast.ClassDef) for one in owner.body}
    return tuple((node, methods.get(id(node))) for node in nodes(tree) if isinstance(node, ast.FunctionDef))


def scope_at(module: Module, line: int) -> ast.AST:
    """The innermost function that a line stands in, else the whole file."""
    around = [one for one, _ in _functions(module.tree) if one.lineno <= line <= (one.end_lineno or one.lineno)]
    return max(around, key=lambda one: one.lineno) if around else module.tree


@lru_cache(maxsize=256)
def _statements(tree: ast.Module, scope: ast.AST) -> tuple[ast.stmt, ...]:
    found: list[ast.stmt] = []
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.stmt):
            found.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return tuple(sorted(found, key=lambda node: node.lineno))


def statements(module: Module, scope: ast.AST) -> tuple[ast.stmt, ...]:
    """The statements of a function, or of a file, without those of functions and classes within it, in order."""
    return _statements(module.tree, scope)


def own_function(recording: Recording, place: Place, call: ast.Call) -> tuple[Module, ast.FunctionDef] | None:
    """The function or method of the user's that a call means, with its file; None where that is not certain."""
    wanted, owner = called(call), None
    if isinstance(call.func, ast.Attribute):
        owner = _class_name(recording, place, call.func.value)
        imported = isinstance(call.func.value, ast.Name) and _is_own_module(recording, place.module, call.func.value.id)
        if owner is None and not imported:
            return None
    found = [
        (module, one)
        for module in modules(recording)
        for one, klass in _functions(module.tree)
        if one.name == wanted and (klass.name if klass is not None else None) == owner
    ]
    return found[0] if len(found) == 1 else None


def _class_name(recording: Recording, place: Place, receiver: ast.expr, depth: int = 0) -> str | None:
    """The user's class that an object is of: `self`, a call of the class, or a name that was given one."""
    own = {klass.name for module in modules(recording) for _, klass in _functions(module.tree) if klass is not None}
    node: ast.expr = receiver
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value  # Scaler().fit(x).transform(x)
    if isinstance(node, ast.Call):
        return called(node) if called(node) in own else None
    if not isinstance(node, ast.Name) or depth > 3:
        return None
    if node.id == "self":
        return next((klass.name for one, klass in _functions(place.module.tree) if one is place.scope and klass), None)
    for scope in (place.scope, place.module.tree):
        values = [
            one.value
            for one in statements(place.module, scope)
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets)
        ]
        if values:
            return _class_name(recording, place, values[-1], depth + 1)
    return None


def _is_own_module(recording: Recording, module: Module, name: str) -> bool:
    """Whether a name stands for another of the user's files."""
    stems = {one.path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".py") for one in modules(recording)}
    for node in nodes(module.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return alias.name.rsplit(".", 1)[-1] in stems
    return False


def only_call(
    recording: Recording, function: ast.FunctionDef, known: Location | None = None
) -> tuple[Place, ast.Call] | None:
    """The call of a function by its name, and where it stands: of several the first at the line `known`."""
    calls = [
        (Place(module, scope_at(module, node.lineno), node.lineno), node)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Call) and called(node) == function.name
    ]
    if len(calls) > 1 and known is not None:
        calls = [
            (place, node)
            for place, node in calls
            if place.module.path == known.path and node.lineno <= known.line <= (node.end_lineno or node.lineno)
        ][:1]
    return calls[0] if len(calls) == 1 else None


def handed_over(function: ast.FunctionDef, call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives for the parameter `name` of a function."""
    given = next((word.value for word in call.keywords if word.arg == name), None)
    if given is not None:
        return given
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]) and isinstance(call.func, ast.Attribute):
        names = names[1:]
    if name not in names or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    place = names.index(name)
    return call.args[place] if place < len(call.args) else None


def class_around(recording: Recording, place: Location) -> str:
    """The name of the innermost class that a line stands in, or ""."""
    found = _innermost_class(module_of(recording, place), place)
    return found.name if found is not None else ""


def plain_class(recording: Recording, place: Location | None) -> Location | None:
    """Where the innermost class that a line stands in is defined, if it is derived from nothing; else None."""
    module = module_of(recording, place)
    found = _innermost_class(module, place) if place is not None else None
    if module is None or found is None or any(ast.unparse(one) != "object" for one in found.bases):
        return None
    return module.at(found.lineno)


def _innermost_class(module: Module | None, place: Location) -> ast.ClassDef | None:
    found = [node for node in nodes(module.tree) if isinstance(node, ast.ClassDef)
             and node.lineno <= place.line <= (node.end_lineno or 0)] if module is not None else []  # fmt: skip
    return max(found, key=lambda node: node.lineno, default=None)


def constructed_at(recording: Recording, inside: Location | None) -> Location | None:
    """The one line that makes an object of the class that `inside` stands in; None where there is none, or several."""
    name = class_around(recording, inside) if inside is not None else ""
    places = [
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if name and isinstance(node, ast.Call) and called(node) == name
    ]
    return places[0] if len(places) == 1 else None
