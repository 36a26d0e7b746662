"""A callback that multiplies the rate that it is given, which is what it returned the time before."""

from __future__ import annotations

import math
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.lengths import epochs
from doctor.repairs.shared.origins import parameters
from doctor.repairs.shared.rates import OPTIMISERS
from doctor.repairs.optimiser.scheduled import callback_function
from doctor.repairs.source import Source, argument, last_name, number
from doctor.rules.updates import learning_rate


class CompoundedRate(Repair):
    """Goes out from one fixed rate in the function of a LearningRateScheduler.

    `lr * 0.9 ** epoch` multiplies the rate of the epoch before by more and more: it falls, or climbs in a warm-up,
    far faster than is meant.
    """

    id = "compounded-rate"
    faults = ("lr-too-high", "lr-too-low")

    def patches(self, case: Case) -> Iterator[Patch]:
        found = callback_function(case)
        if found is None:
            return
        source, function = found
        names = [one.name.value for one in function.params.params] if isinstance(function, cst.Lambda) else [
            one.name.value for one in parameters(function) if one.name.value != "self"
        ]  # fmt: skip
        if len(names) < 2:
            return
        epoch, rate = names[:2]
        compounded = [node for value in _values(source, function) if _reads(source, value, epoch)
                      for node in source.inside(value, cst.Name) if node.value == rate]  # fmt: skip
        base = _base(case, source)
        if not compounded or base is None:
            return
        edits = Edits(source)
        for node in compounded:
            edits.replace(node, base)
        yield self.patch(f"Go out from the fixed rate {base} in every epoch", edits)
        count = epochs(case)
        if case.finding.fault == "lr-too-low" and count:
            slower = self._slower(source, compounded, base, count)
            if slower is not None:
                yield self.patch(f"Go out from the fixed rate {base}, and lower it to a tenth", slower)

    @staticmethod
    def _slower(source: Source, compounded: list[cst.Name], base: str, count: int) -> Edits | None:
        edits, changed = Edits(source), False
        for node in compounded:
            edits.replace(node, base)
        for value in {source.statement(node) for node in compounded}:
            for power in source.inside(value, cst.BinaryOperation):
                known = number(power.left)
                if isinstance(power.operator, cst.Power) and known is not None and 0 < known < 1:
                    edits.replace(power.left, f"{math.pow(0.1, 1 / count):.2g}")
                    changed = True
        return edits if changed else None


def _values(source: Source, function: cst.FunctionDef | cst.Lambda) -> list[cst.BaseExpression]:
    """What a function returns, and what it assigns to names that it returns."""
    if isinstance(function, cst.Lambda):
        return [function.body]
    values = [one.value for one in source.inside(function, cst.Return) if one.value is not None]
    return values + [one.value for one in source.inside(function, cst.Assign)]


def _reads(source: Source, value: cst.BaseExpression, name: str) -> bool:
    return any(one.value == name for one in source.inside(value, cst.Name))


def _base(case: Case, source: Source) -> str | None:
    """The rate that the optimiser begins with: its name, where that is one of the file's, else the number."""
    for call in source.calls():
        given = argument(call, "learning_rate") or argument(call, "lr") or argument(call, "learning_rate", 0)
        if OPTIMISERS.search(last_name(call.func)) and given is not None:
            value = given.value
            if isinstance(value, cst.Name) and any(
                source.scope(one) is source.module for one in source.assignments(value.value)
            ):
                return value.value
            if number(value) is not None:
                return source.code(value)
    measured = learning_rate(case.view)
    return f"{measured:g}" if measured else None
