"""A comparison of a metric, turned round."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits

#: What each comparison is the opposite of; equal values may stand on either side.
_OPPOSITE: tuple[tuple[type[cst.BaseCompOp], str], ...] = (
    (cst.LessThanEqual, ">"), (cst.LessThan, ">="), (cst.GreaterThanEqual, "<"), (cst.GreaterThan, "<="),
)  # fmt: skip
_FUNCTIONS = {"less": "greater_equal", "less_equal": "greater", "greater": "less_equal", "greater_equal": "less"}


class TurnedComparison(Repair):
    """Writes the opposite of the comparison by which a metric decides."""

    id = "turned-comparison"
    faults = ("metric-wrong",)
    rules = ("turned-metric",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for node in source.all(cst.Comparison, lambda one: source.line(one) == line and len(one.comparisons) == 1):
            target = node.comparisons[0]
            for kind, opposite in _OPPOSITE:
                if isinstance(target.operator, kind):
                    edits.replace(node, f"{source.code(node.left)} {opposite} {source.code(target.comparator)}")
                    yield self.patch("Turn the comparison round", edits)
                    return
        for call in source.calls(*_FUNCTIONS, line=line):
            owner, _, name = source.code(call.func).rpartition(".")
            edits.replace(call.func, f"{owner}.{_FUNCTIONS[name]}" if owner else _FUNCTIONS[name])
            yield self.patch("Turn the comparison round", edits)
            return
        raise CannotWrite("the line holds no comparison by size")
