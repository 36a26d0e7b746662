"""A callback's method that lowers the rate which it lowered the epoch before."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.origins import parameters
from doctor.repairs.source import Source

_PRESENT = re.compile(r"\boptimi[sz]er\.(learning_rate|lr)\b")


class CompoundedCallback(Repair):
    """Keeps the rate of the first epoch, and goes out from it in every epoch."""

    id = "compounded-callback"
    faults = ("lr-too-low", "lr-too-high")

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        method = next((one for one in source.on(line, cst.FunctionDef) if one.name.value.startswith("on_epoch_")), None)
        names = [one.name.value for one in parameters(method)] if method is not None else []
        if method is None or len(names) < 2 or names[0] != "self":
            raise CannotWrite("no method of a callback that is called in each epoch stands here")
        read = _reads(source, method)
        used = [one for one in source.on(line, cst.Name) if read is not None and one.value == read[1]]
        used = [one for one in used if read is not None and source.statement(one) is not source.statement(read[0])]
        if read is None or not used:
            raise CannotWrite("the method does not lower the present rate by its name here")
        edits = Edits(source)
        for one in used:
            edits.replace(one, "self.first_rate")
        edits.insert_after(read[0], f"if {names[1]} == 0:\n    self.first_rate = {read[1]}")
        yield self.patch("Go out from the rate of the first epoch in each", edits)


def _reads(source: Source, method: cst.FunctionDef) -> tuple[cst.Assign, str] | None:
    """Where a method reads the optimiser's present rate, and the name that it gives it."""
    for one in source.inside(method, cst.Assign):
        target = one.targets[0].target
        if isinstance(target, cst.Name) and _PRESENT.search(source.code(one.value)):
            return one, target.value
    return None
