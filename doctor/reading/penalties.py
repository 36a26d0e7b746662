"""Penalties that layers ask for, and loops that leave them out."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, called, modules, nodes
from doctor.reading.values import defaults
from doctor.recording import Recording
from doctor.types import Location

#: What people call the strength of a penalty, or of dropout.
_PENALTY = re.compile(
    r"(l1|l2|l1_?l2|l2_?(reg|weight|penalty|lambda|coef\w*)|lambda_?(l?2|reg)?|lam|weight_?decay|wd|decay_weight"
    r"|reg(ular\w*)?(_?(weight|strength|rate|coef\w*|lambda))?|(p_?)?drop(_?out)?(_?(rate|prob|p))?)",
    re.IGNORECASE,
)
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


def turned_off(recording: Recording) -> Location | None:
    """Where the script sets a penalty or a dropout rate to 0 that it provides for, and sets it nowhere else.

    Of the default of a parameter this is the call that leaves it out.
    """
    zero: dict[str, Location] = {}
    other: set[str] = set()
    for module in modules(recording):
        for name, value, function in _named_numbers(module):
            word = name.lstrip("-").replace("-", "_")
            if not _PENALTY.fullmatch(word):
                continue
            if value.value == 0:
                call = _call_of(recording, module, function) if function is not None else None
                zero.setdefault(word, call or module.at(value.lineno))
            else:
                other.add(word)
    return next((place for word, place in zero.items() if word not in other), None)


def _call_of(recording: Recording, module: Module, function: ast.AST) -> Location | None:
    """The first call of a function, or of the class that it makes instances of."""
    classes = (node for node in nodes(module.tree) if isinstance(node, ast.ClassDef))
    owner = next((one for one in classes if function in one.body), None)
    name = getattr(owner if owner is not None else function, "name", None)
    for one in modules(recording):
        for node in nodes(one.tree):
            if isinstance(node, ast.Call) and called(node) == name:
                return one.at(node.lineno)
    return None


def _named_numbers(module: Module) -> Iterator[tuple[str, ast.Constant, ast.AST | None]]:
    """Numbers that are written out: name of the variable, field, option or entry, number, None.

    Of the default of a parameter, the function stands last.
    """
    for node in nodes(module.tree):
        pairs: list[tuple[str, ast.expr | None]] = []
        function: ast.AST | None = None
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            pairs += [(ast.unparse(target).rpartition(".")[2], node.value) for target in targets]
        elif isinstance(node, ast.Call) and called(node) == "add_argument":
            default = next((word.value for word in node.keywords if word.arg == "default"), None)
            pairs += [(str(one.value), default) for one in node.args if isinstance(one, ast.Constant)]
        elif isinstance(node, ast.Call):
            pairs += [(word.arg or "", word.value) for word in node.keywords]
        elif isinstance(node, ast.Dict):
            pairs += [(str(key.value), item) for key, item in zip(node.keys, node.values)
                      if isinstance(key, ast.Constant)]  # fmt: skip
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node
            pairs += defaults(node).items()
        for name, value in pairs:
            if isinstance(value, ast.Constant) and type(value.value) in (int, float):
                yield name, value, function
