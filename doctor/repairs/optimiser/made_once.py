"""Optimisers, models and weights that are made anew in each round, and what brings old weights back."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.origins import parameters
from doctor.repairs.source import Source, argument
from doctor.repairs.optimiser.taped import names_in

_BACK = ("load_weights", "set_weights", "restore", "run", "read", "load_state")
_METHODS = ("on_epoch_begin", "on_epoch_end", "on_train_batch_begin", "on_train_batch_end", "on_batch_end")


class MadeOnce(Repair):
    """Moves what makes an optimiser or a model out of the loop, or of the function that is called in it."""

    id = "made-once"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        series = {one.series for one in case.finding.evidence}
        if not series & {"optimisers made", "models made"}:
            return
        place = case.finding.location or (case.view.optimizer.location if case.view.optimizer is not None else None)
        if place is None:
            raise CannotWrite("where it is made is not seen")
        source, line = case.at(place), place.line
        statement = next(iter(source.on(line, cst.Assign)), None)
        if statement is None:
            kept = _kept(source, line)
            if kept is None:
                raise CannotWrite(f"what line {line} makes is given no name")
            yield self.patch("Keep what was made for the next call", kept)
            return
        edits = moved_out(source, statement)
        yield self.patch("Make it once, before the loop", edits)


def _kept(source: Source, line: int) -> Edits | None:
    """`return Tower(...)` where a dict is asked first: `self.towers[name] = Tower(...)`."""
    for node in source.on(line, cst.Return):
        branch = next((one for one in source.around(node) if isinstance(one, cst.If)), None)
        test = branch.test if branch is not None else None
        if node.value is None or not isinstance(test, cst.Comparison) or not isinstance(
            test.comparisons[0].operator, cst.NotIn
        ):
            continue
        table, key = source.code(test.comparisons[0].comparator), source.code(test.left)
        edits = Edits(source)
        after = next((one for one in source.inside(source.scope(node), cst.Return) if one is not node
                      and one.value is not None and source.code(one.value) == f"{table}[{key}]"), None)  # fmt: skip
        edits.replace_statement(node, f"{table}[{key}] = {source.code(node.value)}" + (
            "" if after is not None else f"\nreturn {table}[{key}]"))  # fmt: skip
        return edits
    return None


def moved_out(source: Source, node: cst.CSTNode) -> Edits:
    """The edit that moves a statement before the loop around it, or before the function that it stands in.

    Parameters of the function that it reads take their defaults.

    Raises:
        CannotWrite: it reads what only the loop or the function knows.
    """
    statement = source.statement(node)
    assert isinstance(statement, cst.SimpleStatementLine)
    code = with_comments(source, statement)
    reads = {name for part in source.inside(statement, cst.Assign) for name in names_in(source, part.value)}
    loop = outermost(source, statement)
    edits = Edits(source)
    if loop is not None:
        if reads & _bound_in(source, loop, statement):
            raise CannotWrite("it is made of what the loop knows alone")
        edits.insert_before(loop, code)
        edits.remove(statement)
        return edits
    function = source.scope(statement)
    if not isinstance(function, cst.FunctionDef):
        raise CannotWrite("it stands in no loop and in no function")
    return _before_function(source, statement, function, reads)


def with_comments(source: Source, statement: cst.SimpleStatementLine) -> str:
    """A statement with the comments above it, without empty lines."""
    comments = [line for line in statement.leading_lines if line.comment is not None]
    return source.module.code_for_node(statement.with_changes(leading_lines=comments))


def _before_function(
    source: Source, statement: cst.SimpleStatementLine, function: cst.FunctionDef, reads: set[str]
) -> Edits:
    owner = next((one for one in source.around(function) if isinstance(one, (cst.ClassDef, cst.FunctionDef))), None)
    part = statement.body[0]
    if isinstance(owner, cst.ClassDef) and isinstance(part, cst.Assign):
        return _into_constructor(source, statement, part, function, owner, reads)
    if owner is not None or not isinstance(part, cst.Assign):
        raise CannotWrite("it is made in a function within another")
    given = {one.name.value: one.default for one in parameters(function)}
    edits = Edits(source)
    code = source.module.code_for_node(part)
    if reads & set(given):
        changed = Edits(source)
        for name in source.inside(part.value, cst.Name):
            outer = source.parent(name)
            default = given.get(name.value)
            if name.value not in given or isinstance(outer, cst.Arg) and outer.keyword is name:
                continue
            value = source.code(default) if default is not None else _only_given(source, function, name.value)
            if value is None:
                raise CannotWrite(f"`{name.value}` is known in `{function.name.value}` alone")
            changed.replace(name, value)
        first, last = source.line(statement), source.last_line(statement)
        lines = changed.text().splitlines()
        code = "\n".join(lines[first - 1 : last]).strip()
    if reads & _bound_in(source, function, statement) - set(given):
        raise CannotWrite(f"it is made of what `{function.name.value}` knows alone")
    edits.insert_before(function, code)
    edits.remove(statement)
    return edits


def _into_constructor(
    source: Source, statement: cst.SimpleStatementLine, part: cst.Assign, function: cst.FunctionDef,
    owner: cst.ClassDef, reads: set[str],
) -> Edits:  # fmt: skip
    """`self.optimizer = Adam()` in `__init__` for `optimizer = Adam()` in a method."""
    start = next((one for one in source.inside(owner, cst.FunctionDef) if one.name.value == "__init__"), None)
    target = part.targets[0].target
    local = {one.name.value for one in parameters(function)} | _bound_in(source, function, statement)
    if start is None or start is function or (reads & local) - {"self"}:
        raise CannotWrite(f"it is made of what `{function.name.value}` knows alone")
    edits = Edits(source)
    name = source.code(target)
    kept = name if name.startswith("self.") else f"self.{name}"
    edits.insert_after(start.body.body[-1], f"{kept} = {source.code(part.value)}")
    edits.remove(statement)
    if kept != name:
        for use in source.inside(function, cst.Name):
            outer = source.parent(use)
            inner = isinstance(outer, (cst.Attribute, cst.Arg)) and (
                outer.attr is use if isinstance(outer, cst.Attribute) else outer.keyword is use
            )
            if use.value == name and use is not target and not inner:
                edits.replace(use, kept)
    return edits


def _only_given(source: Source, function: cst.FunctionDef, name: str) -> str | None:
    """What the only call of a function gives a parameter, where that is a name of the file's or a number."""
    calls = source.calls(function.name.value)
    position = [one.name.value for one in parameters(function)].index(name)
    given = [argument(call, name, position) for call in calls]
    if len(given) != 1 or given[0] is None:
        return None
    value = given[0].value
    top = isinstance(value, cst.Name) and any(
        source.scope(one) is source.module and source.line(one) < source.line(function)
        for one in source.assignments(value.value)
    )
    return source.code(value) if top or isinstance(value, (cst.Float, cst.Integer)) else None


def outermost(source: Source, node: cst.CSTNode) -> cst.For | cst.While | None:
    """The outermost loop around a node within its function."""
    found = None
    for one in source.around(node):
        if isinstance(one, (cst.FunctionDef, cst.ClassDef)):
            break
        if isinstance(one, (cst.For, cst.While)):
            found = one
    return found


def _bound_in(source: Source, block: cst.CSTNode, but: cst.CSTNode) -> set[str]:
    """Names that get a value within a loop or a function, but for one statement."""
    found: set[str] = set()
    for loop in source.inside(block, cst.For):
        found |= {name.value for name in source.inside(loop.target, cst.Name)}
    for node in source.inside(block, cst.Assign):
        if source.parent(node) is not but:
            for target in node.targets:
                found |= {name.value for name in source.inside(target, cst.Name)}
    for item in source.inside(block, cst.AsName):
        found |= {name.value for name in source.inside(item, cst.Name)}
    return found


class BroughtBackOnce(Repair):
    """Loads or initialises the weights once, before the loop."""

    id = "brought-back-once"
    faults = ("update-missing",)
    rules = ("weights-put-back",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if any(fix.code.startswith("mode=") for fix in case.finding.fixes):
            return
        source, line = case.source, case.location.line
        call = next(iter(source.calls(*_BACK, line=line)), None)
        if call is None:
            raise CannotWrite(f"what line {line} brings back is not seen")
        scope = source.scope(call)
        if isinstance(scope, cst.FunctionDef) and scope.name.value in _METHODS:
            edits = Edits(source)
            edits.remove(call)
            yield self.patch("Leave the weights as they were trained", edits)
            return
        statement = source.statement(call)
        if not isinstance(statement, cst.SimpleStatementLine):
            raise CannotWrite("the weights are brought back within another statement")
        code = with_comments(source, statement)
        edits = Edits(source)
        loop = outermost(source, call)
        if loop is None and isinstance(scope, cst.FunctionDef):
            loop = self._loop_of_calls(source, scope)
        reads = set(names_in(source, call))
        if loop is not None and not reads & _bound_in(source, loop, statement):
            edits.insert_before(loop, code)
        edits.remove(statement)
        yield self.patch("Bring the weights along once, before the loop", edits)

    @staticmethod
    def _loop_of_calls(source: Source, function: cst.FunctionDef) -> cst.For | cst.While | None:
        """The loop in which a function is called, where the call gives it the names that it has itself."""
        for call in source.calls(function.name.value):
            names = [one.name.value for one in parameters(function)]
            same = [isinstance(arg.value, cst.Name) and arg.value.value in names for arg in call.args[:1]]
            loop = outermost(source, call)
            if loop is not None and all(same):
                return loop
        return None
