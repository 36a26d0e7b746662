"""A state that is kept in a variable between moments: what is assigned to a variable has no gradient."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import last_name

_ASSIGNS = ("assign", "assign_add", "assign_sub")
_SIGNS = {"assign_add": "+", "assign_sub": "-"}


class CarriedState(Repair):
    """Keeps the state in a tensor of the function instead of assigning it to a variable."""

    id = "carried-state"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is None:
            return
        source, line = case.source, case.location.line
        call = next(iter(source.calls(*_ASSIGNS, line=line)), None)
        if call is None or not isinstance(call.func, cst.Attribute):
            return
        owner, scope = source.code(call.func.value), source.scope(call)
        if not isinstance(call.func.value, (cst.Name, cst.Attribute)) or not isinstance(scope, cst.FunctionDef):
            raise CannotWrite(f"`{owner}` is one of several states")
        name = last_name(call.func.value)
        edits, assigned = Edits(source), []
        for one in source.inside(scope, cst.Call):
            if isinstance(one.func, cst.Attribute) and last_name(one.func) in _ASSIGNS and one.args:
                if source.code(one.func.value) == owner:
                    sign = _SIGNS.get(one.func.attr.value)
                    value = one.args[0].value
                    edits.change(source.statement(one), _Binding(name, sign))
                    assigned += [one.func.value, value]
        owners = [node for node in (*source.inside(scope, cst.Attribute), *source.inside(scope, cst.Name))
                  if source.code(node) == owner and all(node is not one for one in assigned)]  # fmt: skip
        if owner != name:
            for node in owners:
                outer = source.parent(node)
                if not (isinstance(outer, cst.Attribute) and outer.attr is node):
                    edits.replace(node, name)
        yield self.patch(f"Keep `{name}` in a tensor", edits)


class _Binding:
    """Turns the statement `self.state.assign_add(x)` into `state = state + x`."""

    def __init__(self, name: str, sign: str | None) -> None:
        self.name, self.sign = name, sign

    def __call__(self, old: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(old, cst.SimpleStatementLine)
        part = old.body[0]
        if not isinstance(part, cst.Expr) or not isinstance(part.value, cst.Call):
            raise CannotWrite("the assignment is part of another expression")
        value: cst.BaseExpression = part.value.args[0].value
        if self.sign is not None:
            operator = cst.Add() if self.sign == "+" else cst.Subtract()
            value = cst.BinaryOperation(cst.Name(self.name), operator, value)
        new = cst.Assign([cst.AssignTarget(cst.Name(self.name))], value)
        return old.with_changes(body=[new])
