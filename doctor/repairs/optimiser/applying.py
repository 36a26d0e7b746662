"""Gradients that are computed and not applied, or not to what they are of."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.shared.computed_rates import RATE
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.optimisers import APPLIES, Asked, asked, named, within
from doctor.repairs.source import Source, last_name
from doctor.rules.updates import learning_rate


#: Functions that only look at gradients.
_SHOWING = ("print", "global_norm", "norm", "append", "float", "reduce_max", "reduce_mean", "info", "len")


class AppliedGradients(Repair):
    """Applies the gradients where they are computed: by the optimiser, or by hand where there is none."""

    id = "applied-gradients"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is not None:
            return
        places = [place for one in asked(case) if (place := _place(one)) is not None]
        if not places:
            raise CannotWrite("gradients that are not applied are not seen")
        source, statement, gradients, variables = places[0]
        edits, optimiser = Edits(source), named(case, source) or _of_model(source, statement)
        if optimiser is not None:
            edits.insert_after(statement, f"{optimiser}.apply_gradients(zip({gradients}, {variables}))")
            yield self.patch("Apply the gradients after computing them", edits)
            return
        rate = _rate(source) or f"{learning_rate(case.view) or 0.01:g}"
        edits.insert_after(
            statement,
            f"for variable, gradient in zip({variables}, {gradients}):\n    variable.assign_sub({rate} * gradient)",
        )
        yield self.patch("Take the gradients off the variables after computing them", edits)


def _place(one: Asked) -> tuple[Source, cst.CSTNode, str, str] | None:
    """(file, statement, gradients, variables) of gradients that are used nowhere; where a function hands them on, of
    the statement that takes them."""
    source, variables = one.source, one.source.code(one.variables)
    if one.target is not None:
        if _applied(source, one.call, one.target):
            return None
        code = source.code(one.target)
        return source, one.call, f"[{code.strip('()')}]" if isinstance(one.target, cst.Tuple) else code, variables
    function, outer = source.scope(one.call), source.parent(one.call)
    if not isinstance(function, cst.FunctionDef) or not any(isinstance(x, cst.Return) for x in source.around(one.call)):
        return None
    whole = source.parent(outer) if isinstance(outer, cst.Element) else None
    index = [part is outer for part in whole.elements].index(True) if isinstance(whole, cst.Tuple) else None
    for call in source.calls(function.name.value):
        taken = source.parent(call)
        target = taken.targets[0].target if isinstance(taken, cst.Assign) else None
        if index is not None and isinstance(target, cst.Tuple) and index < len(target.elements):
            target = target.elements[index].value  # type: ignore[assignment]
        if isinstance(target, cst.Name) and not _applied(source, call, target):
            return source, call, target.value, variables
    return None


def _applied(source: Source, after: cst.CSTNode, target: cst.CSTNode) -> bool:
    """Whether gradients are handed to anything below that may apply them."""
    names = {name.value for name in source.inside(target, cst.Name)} - {"self"}
    scope, line = source.scope(after), source.last_line(after)
    loops = {name.value for loop in source.all(cst.For) for name in source.inside(loop.iter, cst.Name)}
    for call in source.calls():
        if source.scope(call) is not scope or source.line(call) <= line or last_name(call.func) in _SHOWING:
            continue
        if names & {name.value for arg in call.args for name in source.inside(arg, cst.Name)}:
            return True
    return bool(names & loops)


def _of_model(source: Source, node: cst.CSTNode) -> str | None:
    """The optimiser that a Keras model got from `compile`, for a training step of its own."""
    scope = source.scope(node)
    step = isinstance(scope, cst.FunctionDef) and scope.name.value == "train_step"
    return "self.optimizer" if step else None


def _rate(source: Source) -> str | None:
    """A name of the file's that is called a learning rate."""
    for node in source.all(cst.Assign):
        target = node.targets[0].target
        if isinstance(target, cst.Name) and RATE.search(target.value) and source.scope(node) is source.module:
            return target.value
    return None


class MatchingPairs(Repair):
    """Zips the gradients with the variables that they are of."""

    id = "matching-pairs"
    faults = ("update-missing", "gradient-disconnected")
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for one in asked(case):
            source = one.source
            gradients = source.code(one.target) if one.target is not None else ""
            for call in source.calls("zip") if gradients else ():
                names = [source.code(arg.value) for arg in call.args]
                applied = any(isinstance(outer, cst.Call) and last_name(outer.func) in APPLIES
                              for outer in source.around(call))  # fmt: skip
                if gradients not in names or len(names) != 2 or not applied:
                    continue
                place = 1 - names.index(gradients)
                if names[place] == source.code(one.variables) or not _other_list(source, one, call.args[place].value):
                    continue
                edits = Edits(source)
                edits.replace(call.args[place].value, source.code(one.variables))
                yield self.patch("Apply the gradients to the variables that they are of", edits)
                return


def _other_list(source: Source, one: Asked, value: cst.BaseExpression) -> bool:
    """Whether a list is not the one that the gradients were asked for under another name."""
    line = source.line(one.call)
    mine, other = (source.code(source.followed(node, line)) for node in (one.variables, value))
    return mine != other


class EveryRound(Repair):
    """Applies the gradients in every round of the loop, instead of in some."""

    id = "every-round"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is None or "gradients for each update" not in {
            one.series for one in case.finding.evidence
        }:
            return
        source, line = case.source, case.location.line
        for call in source.calls(*APPLIES, "assign_sub", line=line):
            branch = next((one for one in source.around(call) if isinstance(one, cst.If)), None)
            if branch is None:
                continue
            statement = source.statement(call)
            while source.parent(source.parent(statement) or statement) is not branch:  # a loop over the pairs
                outer = source.parent(statement)
                if outer is None:
                    raise CannotWrite("the update does not stand in the branch itself")
                statement = source.statement(outer)
            if not within(source, statement, branch.body):
                continue
            edits = Edits(source)
            edits.insert_before(branch, _code(source, statement))
            edits.remove(statement)
            yield self.patch("Apply the gradients in every round", edits)
            return


def _code(source: Source, statement: cst.CSTNode) -> str:
    """A statement's own lines, without the empty ones above it."""
    if isinstance(statement, (cst.SimpleStatementLine, cst.For)):
        statement = statement.with_changes(leading_lines=())
    return source.module.code_for_node(statement)


class ReadOnce(Repair):
    """Makes a list of a zip that is read twice."""

    id = "read-once"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is None:
            return
        source, line = case.source, case.location.line
        reads = {node.value for node in source.on(line, cst.Name)}
        for node in source.all(cst.Assign):
            target = node.targets[0].target
            if not isinstance(target, cst.Name) or target.value not in reads or source.line(node) > line:
                continue
            generator = isinstance(node.value, cst.GeneratorExp)
            if generator or isinstance(node.value, cst.Call) and last_name(node.value.func) in ("zip", "map", "filter"):
                edits = Edits(source)
                code = source.code(node.value)
                edits.replace(node.value, f"list{code}" if generator else f"list({code})")
                yield self.patch(f"Keep `{target.value}` in a list, which can be read again", edits)
                return
