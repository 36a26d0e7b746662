"""Passes over one dataset: in which of them labels are gathered, and in which predictions."""

from __future__ import annotations

import ast
from typing import Iterator, Sequence

from doctor.reading.scopes import handed_over, scope_at, statements
from doctor.reading.source import Module, called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location

_Loop = ast.For | ast.comprehension
#: Methods of a model that go through a dataset.
_PREDICTING = frozenset({"predict", "predict_proba"})
_GATHERING = frozenset({"append", "extend"})
#: Functions and methods for which the order of an array does not matter.
_WHATEVER_ORDER = frozenset({
    "mean", "sum", "std", "var", "min", "max", "len", "bincount", "histogram", "unique", "median", "percentile", "hist",
})  # fmt: skip


def labels_of_another_pass(recording: Recording, place: Location) -> Location | None:
    """Where the labels are gathered that predictions of the pass at `place` are compared with.

    None where the predictions of that line are compared with nothing, or with labels of the same pass.
    """
    module = module_of(recording, place)
    if module is None:
        return None
    for statement, data, predicted in _passes(module, place.line):
        inside = statements(module, scope_at(module, statement.lineno))
        for other in inside:
            gathered = labels_gathered(other, data) or _labels_returned(module, other, data)
            if other is statement or not gathered or place.line == other.lineno:
                continue
            later = [one for one in inside if one.lineno > max(statement.lineno, other.lineno)]
            if meet(later, made_of(inside, predicted, statement.lineno, other.lineno), gathered):
                return module.at(other.lineno)
    return None


def _passes(module: Module, line: int) -> Iterator[tuple[ast.stmt, str, set[str]]]:
    """(statement, name of the dataset, names of what is predicted) of the pass at a line.

    Where a function predicts over what it is given, and returns that: the statements that call it.
    """
    scope = scope_at(module, line)
    inside = statements(module, scope)
    for statement in (one for one in inside if _holds(one, line)):
        for data, predicted in _predictions(statement, line):
            yield statement, data, predicted
            if isinstance(scope, ast.FunctionDef) and _returns(inside, predicted, statement):
                for call, given in _calls(module, scope, data):
                    yield call, given, targets_of(call)


def _labels_returned(module: Module, statement: ast.stmt, data: str) -> set[str]:
    """What a statement keeps of a function of the same file that gathers the labels of `data`, and returns them."""
    call = statement.value if isinstance(statement, ast.Assign) else None
    if not isinstance(call, ast.Call):
        return set()
    for function in nodes(module.tree):
        if not isinstance(function, ast.FunctionDef) or function.name != called(call):
            continue
        inside = statements(module, function)
        for parameter in (one.arg for one in function.args.args):
            given = handed_over(function, call, parameter)
            if not isinstance(given, ast.Name) or given.id != data:
                continue
            if any(_gathers_labels(one, parameter) and _returns(inside, labels_gathered(one, parameter), one)
                   for one in inside):  # fmt: skip
                return targets_of(statement)
    return set()


def _returns(inside: Sequence[ast.stmt], names: set[str], statement: ast.stmt) -> bool:
    """Whether a function returns what a statement of it makes."""
    if isinstance(statement, ast.Return):
        return True
    returned = [one for one in inside if isinstance(one, ast.Return) and one.value is not None]
    made = made_of(inside, names, statement.lineno, 1 << 30)
    return any(names_in(one) & made for one in returned)


def _calls(module: Module, function: ast.FunctionDef, parameter: str) -> Iterator[tuple[ast.stmt, str]]:
    """(assignment, name that it hands over) of the calls of a function of the same file."""
    for node in nodes(module.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) == function.name:
            given = handed_over(function, node.value, parameter)
            if isinstance(given, ast.Name):
                yield node, given.id


def _holds(statement: ast.stmt, line: int) -> bool:
    return statement.lineno <= line <= (statement.end_lineno or statement.lineno)


def _predictions(statement: ast.stmt, line: int) -> Iterator[tuple[str, set[str]]]:
    """(name of the dataset, names of what is predicted) of a statement that goes through it at a line."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and called(node) in _PREDICTING and node.args and node.lineno == line:
            if isinstance(node.args[0], ast.Name):
                yield node.args[0].id, targets_of(statement)
    for loop, body in _loops(statement):
        first, second = _pair(loop.target)
        data = _data(loop.iter)
        if data is not None and first and _used(body, first) and not _used(body, second):
            if any(isinstance(node, ast.Call) and _used([*node.args], first) for one in body for node in ast.walk(one)):
                yield data, _gathered(statement, body)


def made_of(inside: Sequence[ast.stmt], names: set[str], begin: int, end: int) -> set[str]:
    """Names of what was made of some values between two lines, with their own."""
    found = set(names)
    for one in inside:
        if begin < one.lineno < end and names_in(one) & found:
            found |= targets_of(one)
    return found


def labels_gathered(statement: ast.stmt, data: str) -> set[str]:
    """Names of what a statement gathers of a dataset: its labels, and not its inputs."""
    for loop, body in _loops(statement):
        if _takes_labels(loop, body, data):
            return _gathered(statement, body)
    return targets_of(statement) if _gathers_labels(statement, data) else set()


def _takes_labels(loop: _Loop, body: list[ast.AST], data: str) -> bool:
    first, second = _pair(loop.target)
    return _data(loop.iter) == data and bool(second) and _used(body, second) and not _used(body, first)


def _gathers_labels(statement: ast.stmt, data: str) -> bool:
    """Whether a statement goes through a dataset for its labels alone, also one that returns them."""
    if any(_takes_labels(loop, body, data) for loop, body in _loops(statement)):
        return True
    for node in ast.walk(statement):  # ds.map(lambda x, y: y)
        if isinstance(node, ast.Call) and called(node) == "map" and node.args and _data(node.func) == data:
            function = node.args[0]
            if isinstance(function, ast.Lambda) and len(function.args.args) >= 2:
                names = [one.arg for one in function.args.args]
                if _used([function.body], {names[1]}) and not _used([function.body], {names[0]}):
                    return True
    return False


def _loops(statement: ast.stmt) -> Iterator[tuple[_Loop, list[ast.AST]]]:
    """The loops of a statement itself, each with what it does with every element."""
    if isinstance(statement, ast.For):
        yield statement, list(statement.body)
        return
    for node in ast.walk(statement) if isinstance(statement, (ast.Assign, ast.Expr, ast.Return)) else ():
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            yield node.generators[0], [node.elt]


def _pair(target: ast.expr) -> tuple[set[str], set[str]]:
    """Names of the inputs and of the labels, of `x, y` and of `number, (x, y)`."""
    if isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(target.elts[1], ast.Tuple):
        target = target.elts[1]
    if not isinstance(target, ast.Tuple) or len(target.elts) < 2:
        return set(), set()
    first, second = target.elts[:2]
    return names_in(first), names_in(second)


def _data(value: ast.expr) -> str | None:
    """The dataset that is gone through as it is: `ds`, `ds.as_numpy_iterator()`, `enumerate(ds)`; not `ds.take(1)`."""
    while True:
        if isinstance(value, ast.Name):
            return value.id
        if isinstance(value, ast.Attribute) and value.attr in ("as_numpy_iterator", "unbatch", "prefetch", "map"):
            value = value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and called(value) != "as_numpy":
            value = value.func
        elif isinstance(value, ast.Call) and called(value) in ("enumerate", "iter", "list", "as_numpy") and value.args:
            value = value.args[0]
        else:
            return None


def names_in(node: ast.AST) -> set[str]:
    """Every name in a piece of source."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _used(body: list[ast.AST] | list[ast.expr], names: set[str]) -> bool:
    return any(names_in(one) & names for one in body)


def targets_of(statement: ast.stmt) -> set[str]:
    """The names that an assignment gives values to; none of other statements."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {name for one in targets for name in names_in(one)}


def _gathered(statement: ast.stmt, body: list[ast.AST]) -> set[str]:
    """What holds the results: the target of an assignment, the lists that a loop adds to."""
    found = targets_of(statement)
    for one in body:
        for node in ast.walk(one):
            if isinstance(node, ast.Call) and called(node) in _GATHERING and isinstance(node.func, ast.Attribute):
                found |= names_in(node.func.value)
            elif isinstance(node, ast.AugAssign):
                found |= names_in(node.target)
    return found


def meet(inside: list[ast.stmt], predicted: set[str], gathered: set[str]) -> bool:
    """Whether a statement uses both, or what was made of them."""
    both = [set(predicted), set(gathered)]
    for one in inside:  # y_pred = y_prob.argmax(-1); hits = y_pred == y_true
        used = [_compared(one) & names for names in both]
        if all(used):
            return True
        if isinstance(one, ast.Assign):
            for names, mine in zip(both, used):
                # A name that is bound to something else holds these no longer.
                names -= targets_of(one)
                names |= targets_of(one) if mine else set()
    return False


def _compared(statement: ast.stmt) -> set[str]:
    """Names that a statement uses by their order: not those of which it only takes a mean or a count."""
    head: list[ast.AST] = [statement]
    if isinstance(statement, (ast.If, ast.While)):
        head = [statement.test]
    elif isinstance(statement, ast.For):
        head = [statement.iter]
    elif isinstance(statement, (ast.With, ast.Try)):
        head = []
    left_out = {
        id(part)
        for one in head
        for node in ast.walk(one)
        if isinstance(node, ast.Call) and called(node) in _WHATEVER_ORDER
        for given in (*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else []))
        if isinstance(given, ast.Name)
        for part in ast.walk(given)
    }
    left_out |= {
        id(node.value) for one in head for node in ast.walk(one)
        if isinstance(node, ast.Attribute) and node.attr in ("shape", "dtype", "size", "ndim")
    }  # fmt: skip
    names = [part for one in head for part in ast.walk(one)
             if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]  # fmt: skip
    return {part.id for part in names if id(part) not in left_out}
