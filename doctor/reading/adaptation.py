"""Weights that are fitted within a training step: the inner steps of meta-learning."""

from __future__ import annotations

import ast
from typing import Iterator

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording

#: Functions within functions in which the inner step may stand.
_DEPTH = 3
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def adapts_within(recording: Recording) -> bool:
    """Whether weights take a gradient step of their own below an outer tape, as in MAML, or are given back in a loop.

    What is trained then are starting points: outputs of the weights as they are say nothing of the model.
    """
    functions: dict[str, list[ast.AST]] = {}
    tapes: list[ast.With] = []
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, _FUNCTIONS):
                functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.With) and any(
                isinstance(item.context_expr, ast.Call) and called(item.context_expr) == "GradientTape"
                for item in node.items
            ):
                tapes.append(node)
    if any(_steps(part) for tape in tapes for part in _inside(tape, functions)):
        return True
    return any(_sets_back(scope) for module in modules(recording) for scope in _scopes(module.tree))


def _scopes(tree: ast.AST) -> Iterator[ast.AST]:
    yield tree
    yield from (node for node in nodes(tree) if isinstance(node, _FUNCTIONS))


def _sets_back(scope: ast.AST) -> bool:
    """Whether weights that were kept are given back in a loop, wholly or in part: as after every task of Reptile."""
    kept = {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and _keeps(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for loop in ast.walk(scope):
        for node in ast.walk(loop) if isinstance(loop, ast.For) and kept else ():
            if isinstance(node, ast.Call) and called(node) == "set_weights":
                if any(isinstance(one, ast.Name) and one.id in kept for one in node.args):
                    return True
            pairs = isinstance(node, ast.For) and node is not loop and bool(_names(node.iter) & kept)
            if pairs and any(isinstance(one, ast.Call) and called(one) == "assign" for one in ast.walk(node)):
                return True
    return False


def _keeps(value: ast.expr) -> bool:
    if isinstance(value, ast.ListComp):
        return isinstance(value.elt, ast.Call) and called(value.elt) in ("numpy", "identity", "read_value")
    return isinstance(value, ast.Call) and called(value) == "get_weights"


def _inside(tape: ast.With, functions: dict[str, list[ast.AST]]) -> Iterator[list[ast.AST]]:
    """The statements below a tape, and those of the functions that are called there."""
    seen: set[str] = set()
    level = [[inner for statement in tape.body for inner in ast.walk(statement)]]
    for _ in range(_DEPTH + 1):
        yield from level
        names = {called(node) for part in level for node in part if isinstance(node, ast.Call)} - seen
        seen |= {name for name in names if name}
        level = [list(ast.walk(function)) for name in names if name for function in functions.get(name, ())]


def _steps(part: list[ast.AST]) -> bool:
    """Whether a gradient that is taken here, times something, is subtracted from what is no gradient itself."""
    slopes: set[str] = set()
    for node in part:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) == "gradient":
            slopes |= {name for target in node.targets for name in _names(target)}
    each = set(slopes)
    for node in part:
        if isinstance(node, (ast.For, ast.comprehension)) and _names(node.iter) & slopes:
            each |= _names(node.target)
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and isinstance(node.right, ast.BinOp)
        and isinstance(node.right.op, ast.Mult)
        and bool(_names(node.right) & each)
        # A term of a differential equation is a difference of derivatives.
        and not _names(node.left) & slopes
        for node in part
    )


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
