"""Gradients that are computed and not applied, or not to what they are of."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimisers import APPLIES, Asked, asked, named, within
from doctor.repairs.rates import RATE
from doctor.repairs.source import Source, last_name
from doctor.rules.updates import learning_rate


class AppliedGradients(Repair):
    """Applies the gradients where they are computed: by the optimiser, or by hand where there is none."""

    id = "applied-gradients"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is not None or any(_applies(source) for source in case.sources()):
            return
        found = next((one for one in asked(case)), None)
        if found is None:
            raise CannotWrite("where the gradients are computed is not seen")
        source = found.source
        target = found.target
        if target is None:
            returned = source.parent(found.call)
            raise CannotWrite("the gradients are handed on as they are" if returned is not None else "no gradients")
        optimiser = named(case, source)
        variables = source.code(found.variables)
        gradients = source.code(target)
        if isinstance(target, cst.Tuple):
            gradients = f"[{gradients.strip('()')}]"
        edits = Edits(source)
        if optimiser is not None:
            edits.insert_after(found.call, f"{optimiser}.apply_gradients(zip({gradients}, {variables}))")
            yield self.patch("Apply the gradients after computing them", edits)
            return
        rate = _rate(source) or f"{learning_rate(case.view) or 0.01:g}"
        edits.insert_after(
            found.call,
            f"for variable, gradient in zip({variables}, {gradients}):\n    variable.assign_sub({rate} * gradient)",
        )
        yield self.patch("Take the gradients off the variables after computing them", edits)


def _applies(source: Source) -> bool:
    return bool(source.calls(*APPLIES, "assign_sub", "minimize"))


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
