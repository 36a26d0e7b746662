"""Loops over the folds of a cross-validation, and what they make anew in each round."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Iterator

from doctor.reading.source import Module, assignment, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Calls that give a network weights of its own again, or make another one.
_AFRESH = frozenset({"set_weights", "load_weights", "clone_model", "load_model", "restore", "from_config", "assign"})
_TRAINING = frozenset({"fit", "train_on_batch"})
#: Rows of an array by a name for their numbers.
_ROWS_OF = re.compile(r"([\w.]+)\[(\w+)\]")


def trained_through(recording: Recording) -> Iterator[tuple[Location, Location | None]]:
    """(call that trains, line that makes the network) of every network that goes through all folds.

    A loop over pairs of index arrays, `for train, test in folds.split(x)`, trains what was made before it and gives
    it no weights anew. Walks forward through time are none, nor are single splits.
    """
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, ast.For) or not _over_folds(module, loop):
                continue
            inside = [node for one in loop.body for node in ast.walk(one)]
            calls = [node for node in inside if isinstance(node, ast.Call)]
            if any(called(node) in _AFRESH for node in calls) or any(isinstance(node, ast.Break) for node in inside):
                continue
            inner = {id(node) for one in inside if isinstance(one, (ast.For, ast.While)) for node in ast.walk(one)}
            made = _bound(inside)
            for node in calls:
                owner = node.func.value if isinstance(node.func, ast.Attribute) else None
                if called(node) not in _TRAINING or id(node) in inner or not isinstance(owner, ast.Name):
                    continue
                handed = {one.func.id for one in calls if isinstance(one.func, ast.Name)
                          and any(isinstance(arg, ast.Name) and arg.id == owner.id for arg in one.args)}  # fmt: skip
                if owner.id in made or any(_may_renew(recording, name) for name in handed):
                    continue
                first = [one.lineno for one in nodes(module.tree) if isinstance(one, ast.Assign)
                         and one.lineno < loop.lineno
                         and any(isinstance(t, ast.Name) and t.id == owner.id for t in one.targets)]  # fmt: skip
                yield module.at(node.lineno), module.at(max(first)) if first else None


def _may_renew(recording: Recording, name: str) -> bool:
    """Whether a function that is given the network may give it weights anew: one that does, or that is not known."""
    known = [node for module in modules(recording) for node in nodes(module.tree)
             if isinstance(node, ast.FunctionDef) and node.name == name]  # fmt: skip
    calls = [called(one) for node in known for one in ast.walk(node) if isinstance(one, ast.Call)]
    return not known and name not in dir(builtins) or any(one in _AFRESH for one in calls)


def _bound(inside: list[ast.AST]) -> set[str]:
    """Names that are bound within a loop."""
    targets: list[ast.AST] = []
    for node in inside:
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, (ast.For, ast.NamedExpr, ast.AnnAssign)):
            targets.append(node.target)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            targets.append(node.optional_vars)
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _over_folds(module: Module, loop: ast.For) -> bool:
    """Whether a loop goes over pairs of index arrays, with or without their number."""
    over, target = loop.iter, loop.target
    if isinstance(over, ast.Call) and called(over) == "enumerate" and over.args:
        over = over.args[0]
        target = target.elts[1] if isinstance(target, ast.Tuple) and len(target.elts) == 2 else target
    if not isinstance(over, ast.Call) or called(over) != "split" or not over.args:
        return False
    splitter = over.func.value if isinstance(over.func, ast.Attribute) else over.func
    made = assignment(module.tree, splitter.id, loop.lineno) if isinstance(splitter, ast.Name) else None
    text = f"{ast.unparse(splitter)} {ast.unparse(made.value) if made is not None else ''}"
    if re.search(r"TimeSeries|Walk|Rolling|Expanding|Purged|n_splits\s*=\s*1\b", text):
        return False
    # `for part in text.split(",")` gives no pairs; a splitter is given data, a text is given a word.
    return isinstance(target, ast.Tuple) and len(target.elts) == 2 and not isinstance(over.args[0], ast.Constant)


def rows_chosen(recording: Recording, held: str, trained: str, place: Location | None) -> Location | None:
    """Where the numbers of the training rows are made, of two arrays that are rows of one: `x[a]` and `x[b]`.

    Args:
        recording: the run.
        held, trained: the arrays as the script writes them.
        place: where one of them is handed over.
    """
    parts = [_ROWS_OF.fullmatch(text) for text in (held, trained)]
    module = module_of(recording, place)
    if module is None or place is None or not all(parts):
        return None
    (base, rows), (other, chosen) = (part.groups() for part in parts if part is not None)
    made = assignment(module.tree, chosen, place.line) if base == other and rows != chosen else None
    return module.at(made.lineno) if made is not None else None
