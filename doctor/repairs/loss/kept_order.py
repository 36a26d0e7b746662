"""What is evaluated is not shuffled: its predictions are compared with labels in another order."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.modes import add_parameter
from doctor.repairs.source import Source, argument, last_name

_HELD = re.compile(r"(^|_)(va|te|hold|held|dev|eval)|val|test|valid", re.IGNORECASE)


class EvaluatedInOrder(Repair):
    """Shuffles what is trained on only; a function that makes both kinds of datasets is told which it is."""

    id = "evaluated-in-order"
    faults = ("metric-wrong",)
    rules = ("two-passes",)

    def patches(self, case: Case) -> Iterator[Patch]:
        place = next((fix.location for fix in case.finding.fixes if fix.location is not None), case.location)
        source = case.at(place)
        calls = source.calls("shuffle", line=place.line)
        if not calls:
            raise CannotWrite(f"no dataset is shuffled on line {place.line}")
        function = source.scope(calls[0])
        if isinstance(function, cst.FunctionDef) and len(source.calls(function.name.value)) > 1:
            yield self._told(source, calls[0], function)
        else:
            edits = Edits(source)
            assert isinstance(calls[0].func, cst.Attribute)
            edits.replace(calls[0], source.code(calls[0].func.value))
            yield self.patch("Do not shuffle what is evaluated", edits)

    def _told(self, source: Source, call: cst.Call, function: cst.FunctionDef) -> Patch:
        edits = Edits(source)
        held = [use for use in source.calls(function.name.value) if _is_held(source, use)]
        if not held:
            raise CannotWrite(f"no call of {function.name.value} is known to make what is evaluated")
        names = [one.name.value for one in function.params.params if one.name.value != "self"]
        switch = next((one for one in source.around(call) if isinstance(one, cst.If)), None)
        asked = source.inside(switch.test, cst.Name) if switch is not None else []
        tested = {name.value for name in asked} & set(names)
        if tested:
            name = sorted(tested)[0]
            for use in held:
                given = argument(use, name, names.index(name))
                if given is None or source.code(given.value) == "True":
                    edits.set_argument(use, name, "False", names.index(name))
            return self.patch("Do not shuffle what is evaluated", edits)
        statement = source.statement(call)
        part = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if not isinstance(part, cst.Assign) or part.value is not call or "shuffle" in names:
            raise CannotWrite("the shuffle is one of several steps that the function takes at once")
        add_parameter(edits, function, "shuffle=True")
        edits.replace_statement(call, f"if shuffle:\n    {source.code(part)}")
        for use in held:
            edits.set_argument(use, "shuffle", "False")
        return self.patch("Do not shuffle what is evaluated", edits)


def _is_held(source: Source, use: cst.Call) -> bool:
    """Whether a call makes what is evaluated, by the name that its result gets."""
    statement = source.statement(use)
    part = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    return isinstance(part, cst.Assign) and _HELD.search(last_name(part.targets[0].target)) is not None
