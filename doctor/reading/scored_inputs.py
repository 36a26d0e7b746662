"""Metrics that a step of the script's own gives an input of the model in place of the labels."""

from __future__ import annotations

import ast
from typing import Sequence

from doctor.reading.scopes import statements
from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location


def scored_against_inputs(recording: Recording) -> tuple[Location, str, str] | None:
    """(line, what the metric is given, what the loss is given) of a metric that compares with what the model was fed.

    In one function: `p = model(x)`, `loss(y, p)` and `metric.update_state(x, p)`, or the same by the names of
    arguments. Nothing is said where the loss compares with `x` too, as in an autoencoder.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, (ast.FunctionDef, ast.For)):
                continue
            body = statements(module, function)
            fed = _fed(body)
            calls = [node for one in body for node in ast.walk(one) if isinstance(node, ast.Call)]
            pairs = [(call, *pair) for call in calls if (pair := _compared(call)) is not None and pair[1] in fed]
            metrics = [one for one in pairs if called(one[0]) == "update_state"]
            losses = {answer: label for call, label, answer in pairs if called(call) != "update_state"}
            for call, label, answer in metrics:
                if label in fed[answer] and losses.get(answer, label) not in fed[answer]:
                    return module.at(call.lineno), label, losses[answer]
    return None


def _fed(body: Sequence[ast.stmt]) -> dict[str, set[str]]:
    """By the name of an answer, the names of what its only maker was called with."""
    found: dict[str, set[str]] = {}
    for one in body:
        for node in ast.walk(one):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.targets) == 1:
                target, call = node.targets[0], node.value
                if isinstance(target, ast.Name):
                    given = {part.id for arg in call.args for part in ast.walk(arg) if isinstance(part, ast.Name)}
                    found[target.id] = set() if target.id in found else given
    return found


def _compared(call: ast.Call) -> tuple[str, str] | None:
    """The names of labels and answer that a loss or a metric is given."""
    words = {word.arg: word.value for word in call.keywords}
    if "y_true" in words and "y_pred" in words:
        given = [words["y_true"], words["y_pred"]]
    else:
        given = list(call.args[:2])
    if len(given) != 2 or not all(isinstance(one, ast.Name) for one in given):
        return None
    label, answer = (one.id for one in given if isinstance(one, ast.Name))
    return label, answer
