"""Predictions brought back to the unit of the targets before they are scored."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, last_name

#: Names of what is predicted.
_TARGET = re.compile(r"(?<![a-z])(y|t|target|label|out(put)?|price|value)s?(?![a-z])", re.IGNORECASE)
_ASKING = ("predict", "predict_on_batch")


class OwnUnit(Repair):
    """Undoes the scaling of the targets in what a model predicts: by their scaler, or by the figures used by hand."""

    id = "own-unit"
    faults = ("metric-wrong",)
    rules = ("scored-in-units",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        asked = [call for call in source.calls(*_ASKING) if source.line(call) <= line]
        if not asked:
            raise CannotWrite("no call of `predict` stands before the score")
        edits, call = Edits(source), asked[-1]
        scaler = _scaler(source)
        if scaler is not None:
            edits.wrap(call, f"{scaler}.inverse_transform(", ")")
        else:
            mean, spread = _by_hand(source)
            edits.wrap(call, "(", f" * {spread} + {mean})")
        yield self.patch("Bring the predictions back to the unit of the targets", edits)


def _scaler(source: Source) -> str | None:
    """The scaler of the targets: the one that is named after them, or that transforms what is."""
    found: list[str] = []
    for call in source.calls("transform", "fit_transform"):
        owner = call.func.value if isinstance(call.func, cst.Attribute) else None
        if owner is None or not call.args or not isinstance(owner, (cst.Name, cst.Attribute)):
            continue
        statement = next((one for one in source.around(call) if isinstance(one, cst.Assign)), None)
        made = source.code(statement.targets[0].target) if statement is not None else ""
        told = (last_name(owner), made, source.code(call.args[0].value))
        if any(_TARGET.search(one) for one in told[:2]) or _TARGET.match(told[2]):
            found.append(source.code(owner))
    return found[0] if found else None


def _by_hand(source: Source) -> tuple[str, str]:
    """(mean, spread) that targets are standardised by: `y = (y - mean) / spread`."""
    for node in source.all(cst.Assign):
        value = node.value
        if not isinstance(value, cst.BinaryOperation) or not isinstance(value.operator, cst.Divide):
            continue
        above = value.left
        if not isinstance(above, cst.BinaryOperation) or not isinstance(above.operator, cst.Subtract):
            continue
        if _TARGET.search(source.code(node.targets[0].target)):
            return source.code(above.right), source.code(value.right)
    raise CannotWrite("what scales the targets is not known")
