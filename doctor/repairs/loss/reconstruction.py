"""The two parts of a variational loss, summed over the same values and averaged over the examples."""

from __future__ import annotations

import math
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import argument, last_name, number

_MEANS = ("reduce_mean", "mean", "mean_squared_error", "binary_crossentropy", "mse")


class Reconstruction(Repair):
    """Averages the divergence over the batch, or counts the reconstruction by all values of an example."""

    id = "reconstruction"
    faults = ("loss-shape",)
    rules = ("posterior-collapse",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code for fix in case.finding.fixes)
        yield self._divergence(case) if "kl" in told else self._data(case)

    def _divergence(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        for call in source.calls("reduce_sum", "sum", line=line):
            axis = argument(call, "axis", 1)
            if not call.args or (axis is not None and number(axis.value) not in (0, None)):
                continue
            edits = Edits(source)
            owner = source.code(call.func)[: -len(last_name(call.func))]
            mean = "reduce_mean" if last_name(call.func) == "reduce_sum" else "mean"
            inner = source.code(call.args[0].value)
            edits.replace(call, f"{owner}{mean}({source.code(call.func)}({inner}, axis=-1))")
            return self.patch("Average the divergence over the batch", edits)
        raise CannotWrite(f"no sum over the batch is written on line {line}")

    def _data(self, case: Case) -> Patch:
        label = case.view.label
        shape = (label.attributes.get("shape") if label is not None else None) or []
        count = math.prod(int(size) for size in shape[1:] if size)
        source, line = case.source, case.location.line
        calls = source.calls(*_MEANS, line=line)
        if count < 2 or not calls:
            raise CannotWrite(f"the mean over the values of an example is not written on line {line}")
        outermost = min(calls, key=lambda call: sum(isinstance(one, cst.Call) for one in source.around(call)))
        edits = Edits(source)
        edits.replace(outermost, f"{count} * {source.code(outermost)}")
        return self.patch("Count the reconstruction by all values of an example", edits)
