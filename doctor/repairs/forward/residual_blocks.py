"""A way past each block of a deep stack of equal ones."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source
from doctor.types import Site

#: A stack of fewer blocks needs no way past them.
_BLOCKS = 3


class ResidualBlocks(Repair):
    """Adds the input of each block of the script's own to its result, where both are of one width."""

    id = "residual-blocks"
    faults = ("vanishing-gradient",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for block in source.all(cst.ClassDef):
                if not _keeps_width(case, source, block):
                    continue
                for method in source.inside(block, cst.FunctionDef):
                    edits = _past(source, method) if method.name.value in ("call", "__call__") else None
                    if edits is not None:
                        yield self.patch(f"Add the input of each {block.name.value} to its result", edits)


def _keeps_width(case: Case, source: Source, block: cst.ClassDef) -> bool:
    """Whether a class makes the layers of several blocks whose results are as wide as their inputs."""
    inside = [one for one in case.view.used_kernels if one.location is not None and one.location.path == source.path
              and source.covers(block, one.location.line)]  # fmt: skip
    lines = list(dict.fromkeys(one.location.line for one in inside if one.location is not None))
    if not lines:
        return False
    first = [_shape(one) for one in inside if one.location is not None and one.location.line == lines[0]]
    last = [_shape(one) for one in inside if one.location is not None and one.location.line == lines[-1]]
    widths = {shape[-2] for shape in first if len(shape) > 1} | {shape[-1] for shape in last if shape}
    return len(first) >= _BLOCKS and len(widths) == 1


def _shape(kernel: Site) -> list[int]:
    return list(kernel.attributes.get("shape") or ())


def _past(source: Source, method: cst.FunctionDef) -> Edits | None:
    """The edit that adds what a method is given to what it returns; None where it does, or rebinds its name."""
    given = [one.name.value for one in method.params.params if one.name.value != "self"]
    answers = source.inside(method, cst.Return)
    if not given or len(answers) != 1 or answers[0].value is None:
        return None
    made = [one for one in source.assignments(given[0]) if source.scope(one) is method]
    adds = [one for one in source.inside(method, cst.BinaryOperation) if isinstance(one.operator, cst.Add)
            and given[0] in (source.code(one.left), source.code(one.right))]  # fmt: skip
    if made or adds or "add" in source.code(answers[0].value).lower():
        return None
    edits = Edits(source)
    value = source.code(answers[0].value)
    plain = isinstance(answers[0].value, (cst.Call, cst.Name, cst.Attribute))
    edits.replace(answers[0].value, f"{given[0]} + {value}" if plain else f"{given[0]} + ({value})")
    return edits
