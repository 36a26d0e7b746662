"""Copies of a model that are made without its weights."""

from __future__ import annotations

import ast
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Calls that bring weights along.
_GIVEN = frozenset({"set_weights", "load_weights", "load_own_variables"})
#: What a model calls its variables.
_VARIABLES = frozenset({"variables", "weights", "trainable_variables", "trainable_weights"})


def cloned_anew(recording: Recording) -> Location | None:
    """Where a loop copies a model by `clone_model`, which draws new weights, trains the copy, and gives the model what
    comes of it: the copy was to begin with the model's weights.

    The loop gives weights to a model in every round, and copies that model itself or in a function that it calls. Where
    the copy is given weights by any way, None.
    """
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, (ast.For, ast.While)):
                continue
            inside = [node for one in loop.body for node in ast.walk(one) if isinstance(node, ast.Call)]
            given = {_receiver(call) for call in _unconditional(loop) if called(call) == "set_weights"}
            given.discard(None)
            if not given:
                continue
            for home, call, source in _clones(recording, module, inside):
                if source in given and not _given_weights(home, call):
                    return home.at(call.lineno)
    return None


def gives_weights_back(recording: Recording) -> bool:
    """Whether a loop copies a model, and gives it what comes of the copies in every round."""
    for module in modules(recording):
        for loop in nodes(module.tree):
            if isinstance(loop, (ast.For, ast.While)):
                inside = [node for one in loop.body for node in ast.walk(one) if isinstance(node, ast.Call)]
                given = {_receiver(call) for call in _unconditional(loop) if called(call) == "set_weights"}
                if any(source in given for _, _, source in _clones(recording, module, inside)):
                    return True
    return False


def _clones(recording: Recording, module: Module, inside: list[ast.Call]) -> Iterator[tuple[Module, ast.Call, str]]:
    """(module, call of `clone_model`, the model that is copied as the loop names it), in a loop and what it calls."""
    for call in inside:
        if called(call) == "clone_model" and call.args:
            yield module, call, ast.unparse(call.args[0])
            continue
        for home in modules(recording):
            for function in nodes(home.tree):
                if not isinstance(function, ast.FunctionDef) or function.name != called(call):
                    continue
                names = [arg.arg for arg in function.args.args if arg.arg != "self"]
                handed = {name: ast.unparse(value) for name, value in zip(names, call.args)}
                handed |= {word.arg: ast.unparse(word.value) for word in call.keywords if word.arg}
                for one in ast.walk(function):
                    if isinstance(one, ast.Call) and called(one) == "clone_model" and one.args:
                        source = ast.unparse(one.args[0])
                        yield home, one, handed.get(source, source)


def _given_weights(module: Module, call: ast.Call) -> bool:
    """Whether the copy that a call makes is given weights in its function, or is handed to one that may do so."""
    scope = scope_at(module, call.lineno)
    made = [one for one in ast.walk(scope) if isinstance(one, ast.Assign) and one.value is call]
    target = made[0].targets[0] if made else None
    if not isinstance(target, ast.Name):
        return True  # it has no name by which it could be followed
    source = ast.unparse(call.args[0])
    for one in ast.walk(scope):
        if not isinstance(one, ast.Call):
            continue
        if called(one) in _GIVEN and _receiver(one) == target.id:
            return True
        if called(one) == "zip":
            owners = {ast.unparse(part.value) for arg in one.args for part in ast.walk(arg)
                      if isinstance(part, ast.Attribute) and part.attr in _VARIABLES}  # fmt: skip
            if {target.id, source} <= owners:
                return True
        # A helper that takes both may copy one into the other.
        handed = {ast.unparse(arg) for arg in (*one.args, *(word.value for word in one.keywords))}
        if {target.id, source} <= handed:
            return True
    return False


def _unconditional(loop: ast.For | ast.While) -> Iterator[ast.Call]:
    """Calls in every round of a loop, not of those within."""
    waiting: list[ast.AST] = list(loop.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.If, ast.For, ast.While, ast.FunctionDef, ast.Try)):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _receiver(call: ast.Call) -> str | None:
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else None
