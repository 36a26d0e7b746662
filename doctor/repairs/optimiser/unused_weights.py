"""Weights that were made and never used in the forward pass."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, dotted, last_name
from doctor.repairs.optimiser.taped import reached
from doctor.types import Site


class UsedWeights(Repair):
    """Puts a last layer that was left out behind what the forward pass returns."""

    id = "used-weights"
    faults = ("gradient-disconnected",)
    rules = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("Use `" in fix.title for fix in case.finding.fixes):
            return
        kernel = next((site for site in case.view.variables if site.key == case.finding.site
                       or site.attributes.get("connected") is False and site.attributes.get("role") == "kernel"),
                      None)  # fmt: skip
        layer = _layer_on(case.source, case.location.line)
        if layer is not None:
            yield from self._layer(case, layer)
            return
        if kernel is None:
            raise CannotWrite("what is unused is no layer")
        yield from self._bare(case, kernel)

    def _layer(self, case: Case, name: str) -> Iterator[Patch]:
        """`self.out = Dense(10)` that `call` never calls."""
        for source, block in reached(case):
            if not isinstance(block, cst.FunctionDef) or any(
                dotted(call.func) == name for call in source.inside(block, cst.Call)
            ):
                continue
            returned = [one for one in source.inside(block, cst.Return) if one.value is not None]
            if returned and (block.name.value in ("call", "__call__") or not name.startswith("self.")):
                edits = Edits(source)
                assert returned[-1].value is not None
                edits.wrap(returned[-1].value, f"{name}(", ")")
                yield self.patch(f"Call `{name}` in the forward pass", edits)
                return
        raise CannotWrite(f"where `{name}` belongs is not seen")

    def _bare(self, case: Case, kernel: Site) -> Iterator[Patch]:
        """A kernel, and a bias of its size, behind the last product of the function that has the others."""
        shape = kernel.attributes.get("shape") or ()
        lost = [site for site in case.view.variables if site.attributes.get("connected") is False]
        bias = next((site for site in lost if list(site.attributes.get("shape") or ()) == list(shape[-1:])), None)
        for source, block in reached(case):
            products = [call for call in source.calls("matmul") if call in source.inside(block, cst.Call)]
            sums = [node for node in source.inside(block, cst.BinaryOperation)
                    if isinstance(node.operator, cst.MatrixMultiply)]  # fmt: skip
            returned = [one for one in source.inside(block, cst.Return) if one.value is not None]
            if not (products or sums) or not returned or len(shape) != 2 or returned[-1].value is None:
                continue
            edits = Edits(source)
            code = source.code(returned[-1].value)
            new = f"{edits.tensorflow()}.matmul({code}, {kernel.name})"
            edits.replace(returned[-1].value, f"{new} + {bias.name}" if bias is not None else new)
            yield self.patch(f"Multiply by `{kernel.name}` at the end of the forward pass", edits)
            return
        raise CannotWrite(f"where `{kernel.name}` belongs is not seen")


def _layer_on(source: Source, line: int) -> str | None:
    """The name of a layer that a line makes."""
    for node in source.on(line, cst.Assign):
        if isinstance(node.value, cst.Call) and last_name(node.value.func)[:1].isupper():
            if last_name(node.value.func) not in ("Variable", "Parameter"):
                return source.code(node.targets[0].target)
    return None
