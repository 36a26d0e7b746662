"""Scores that the script computes: of what, and whether that is what a model predicts."""

from __future__ import annotations

import ast

from doctor.reading.chains import history
from doctor.reading.source import called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location, Site


def labels_of(recording: Recording, score: Site, model: str) -> tuple[str, Location | None] | None:
    """(labels as they are written, latest step between) of a score of what the model predicts; else None.

    Args:
        recording: the run.
        score: a site of kind "score".
        model: the name of the model in the script.
    """
    module = module_of(recording, score.location)
    if module is None or score.location is None:
        return None
    line = score.location.line
    calls = [
        node for node in nodes(module.tree)
        if isinstance(node, ast.Call) and called(node) == score.name
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]  # fmt: skip
    if len(calls) != 1:
        return None
    given = {word.arg: word.value for word in calls[0].keywords}
    labels, predictions = (calls[0].args[place] if len(calls[0].args) > place else given.get(name)
                           for place, name in enumerate(("y_true", "y_pred")))  # fmt: skip
    if labels is None or predictions is None:
        return None
    if _asks(predictions, model):
        return ast.unparse(labels), None
    functions = {part.id for node in ast.walk(predictions) if isinstance(node, ast.Call)
                 for part in ast.walk(node.func) if isinstance(part, ast.Name)}  # fmt: skip
    names = [node.id for node in ast.walk(predictions) if isinstance(node, ast.Name) and node.id not in functions]
    names += [name for name in functions if isinstance(predictions, ast.Call)]  # p.argmax(1), of p
    for name in dict.fromkeys(names):
        between: Location | None = None
        for step in history(recording, name, score.location):
            if _asks(step.value, model):
                return ast.unparse(labels), between
            between = between or step.module.at(step.line)
    return None


def _asks(value: ast.expr, model: str) -> bool:
    asking = (model, f"{model}.predict", f"{model}.predict_on_batch")
    return any(isinstance(node, ast.Call) and ast.unparse(node.func) in asking for node in ast.walk(value))
