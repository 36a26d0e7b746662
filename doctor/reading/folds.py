"""Loops over the folds of a cross-validation, and what they make anew in each round."""

from __future__ import annotations

import ast

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Calls that give a network weights of its own again, or make another one.
_AFRESH = frozenset({"set_weights", "load_weights", "clone_model", "load_model", "restore", "from_config", "assign"})
_TRAINING = frozenset({"fit", "train_on_batch"})


def trained_through(recording: Recording) -> tuple[Location, Location | None] | None:
    """(call that trains, line that makes the network) where a network goes through all folds; else None.

    A loop over pairs of index arrays, `for train, test in folds.split(x)`, trains what was made before it and gives
    it no weights anew.
    """
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, ast.For) or not _over_folds(loop):
                continue
            inside = [node for one in loop.body for node in ast.walk(one)]
            if any(isinstance(node, ast.Call) and called(node) in _AFRESH for node in inside):
                continue
            made = {part.id for node in inside if isinstance(node, (ast.Assign, ast.For, ast.NamedExpr))
                    for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                    for part in ast.walk(target) if isinstance(part, ast.Name)}  # fmt: skip
            for node in inside:
                if not isinstance(node, ast.Call) or called(node) not in _TRAINING:
                    continue
                owner = node.func.value if isinstance(node.func, ast.Attribute) else None
                if isinstance(owner, ast.Name) and owner.id not in made:
                    first = [one.lineno for one in nodes(module.tree) if isinstance(one, ast.Assign)
                             and one.lineno < loop.lineno
                             and any(isinstance(t, ast.Name) and t.id == owner.id for t in one.targets)]  # fmt: skip
                    return module.at(node.lineno), module.at(max(first)) if first else None
    return None


def _over_folds(loop: ast.For) -> bool:
    """Whether a loop goes over pairs of index arrays, with or without their number."""
    over, target = loop.iter, loop.target
    if isinstance(over, ast.Call) and called(over) == "enumerate" and over.args:
        over = over.args[0]
        target = target.elts[1] if isinstance(target, ast.Tuple) and len(target.elts) == 2 else target
    if not isinstance(over, ast.Call) or called(over) != "split" or not over.args:
        return False
    # `for part in text.split(",")` gives no pairs; a splitter is given data, a text is given a word.
    return isinstance(target, ast.Tuple) and len(target.elts) == 2 and not isinstance(over.args[0], ast.Constant)
