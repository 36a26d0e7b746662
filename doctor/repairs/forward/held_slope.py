"""A slope before a sigmoid or tanh that is kept from growing until nothing passes."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, last_name, number

#: Slopes at which a tanh is nearly a sign, and still passes a gradient for what is small.
_LIMITS = (10.0, 3.0)
_BOUNDS = ("minimum", "min", "clip_by_value", "clip")


class HeldSlope(Repair):
    """Puts a limit to the factor that is multiplied with what enters the function, where the factor is raised."""

    id = "held-slope"
    faults = ("saturation",)
    rules = ("cut-by-saturation",)

    def patches(self, case: Case) -> Iterator[Patch]:
        names = _factors(case)
        for limit in _LIMITS:
            edits = next((one for source in case.sources() if (one := _held(source, names, limit)) is not None), None)
            if edits is None:
                raise CannotWrite("no factor that is raised stands before the function")
            yield self.patch(f"Keep the slope below {limit:g}", edits, value=limit)


def _factors(case: Case) -> set[str]:
    """The code of what is multiplied with the argument of the function on the finding's line."""
    source, line = case.source, case.location.line
    found: set[str] = set()
    for call in source.calls(line=line):
        if last_name(call.func) not in ("tanh", "sigmoid", "softsign"):
            continue
        for product in source.inside(call, cst.BinaryOperation):
            if isinstance(product.operator, cst.Multiply):
                sides = (product.left, product.right)
                found |= {source.code(one) for one in sides if isinstance(one, (cst.Name, cst.Attribute))}
    return found


def _held(source: Source, names: set[str], limit: float) -> Edits | None:
    """The edit that bounds what a factor is set to."""
    edits = Edits(source)
    for call in source.calls("assign"):
        if not isinstance(call.func, cst.Attribute) or source.code(call.func.value) not in names or not call.args:
            continue
        value = call.args[0].value
        if number(value) is not None:
            continue
        if isinstance(value, cst.Call) and last_name(value.func) in _BOUNDS and len(value.args) > 1:
            edits.replace(value.args[-1].value, f"{limit:g}")
        else:
            edits.wrap(value, f"{edits.tensorflow()}.minimum(", f", {limit})")
        return edits
    return None
