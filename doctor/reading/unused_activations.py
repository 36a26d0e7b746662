"""Activations that the script makes or calls, and whose results go nowhere."""

from __future__ import annotations

import ast

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Layers and functions that bend what they are given, in small letters.
_BENDING = frozenset({
    "activation", "relu", "relu6", "leakyrelu", "leaky_relu", "elu", "selu", "gelu", "swish", "silu", "sigmoid", "tanh",
    "prelu", "mish", "softplus",
})  # fmt: skip


def result_thrown_away(recording: Recording) -> Location | None:
    """Where a layer or a function of activation is called and its result goes nowhere: `LeakyReLU()(x)` on a line."""
    for module in modules(recording):
        for node in nodes(module.tree):
            call = node.value if isinstance(node, ast.Expr) else None
            if not isinstance(call, ast.Call):
                continue
            name = called(call.func) if isinstance(call.func, ast.Call) else called(call)
            if call.args and name.lower() in _BENDING:
                return module.at(call.lineno)
    return None


def passed_by(recording: Recording) -> tuple[Location, str] | None:
    """Where the input of an activation is handed on in place of its result, which nothing reads: (line, its name).

    `a = Activation("relu")(h)`, then `x = h`.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, (ast.FunctionDef, ast.Module)):
                continue
            read = {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
            statements = [one for one in ast.walk(function) if isinstance(one, ast.stmt)]
            for node in statements:
                call = node.value if isinstance(node, ast.Assign) else None
                if not isinstance(node, ast.Assign) or not isinstance(call, ast.Call) or not call.args:
                    continue
                name = called(call.func) if isinstance(call.func, ast.Call) else called(call)
                target, given = node.targets[0], call.args[0]
                if name.lower() not in _BENDING or not isinstance(target, ast.Name) or target.id in read:
                    continue
                later = [
                    one for one in statements
                    if isinstance(one, (ast.Assign, ast.Return)) and one.lineno > node.lineno
                    and one.value is not None and ast.unparse(one.value) == ast.unparse(given)
                ]  # fmt: skip
                place = min(later, key=lambda one: one.lineno) if later else node
                return module.at(place.lineno), target.id
    return None


def activation_not_called(recording: Recording) -> Location | None:
    """What a layer of the script's own returns from `call`, which keeps an activation and never uses it; else None."""
    for module in modules(recording):
        for node in nodes(module.tree):
            methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)} if isinstance(
                node, ast.ClassDef
            ) else {}  # fmt: skip
            made, call = methods.get("__init__"), methods.get("call") or methods.get("__call__")
            if made is None or call is None:
                continue
            kept = {target.attr for one in ast.walk(made) if isinstance(one, ast.Assign) for target in one.targets
                    if isinstance(target, ast.Attribute) and "act" in ast.unparse(one.value).lower()}  # fmt: skip
            used = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)
                    and isinstance(one.ctx, ast.Load)}  # fmt: skip
            answers = [one.lineno for one in ast.walk(call) if isinstance(one, ast.Return)]
            if kept - used and not kept & used and answers:
                return module.at(max(answers))
    return None
