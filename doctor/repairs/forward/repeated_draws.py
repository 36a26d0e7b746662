"""Random weights that are drawn once and repeated."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits

_RANDOM = re.compile(r"(^|[._])(rng|random|gen|rs|normal|uniform|truncated_normal|randn|rand)\b")


class RepeatedDraws(Repair):
    """Draws each of several columns anew: `[rng.normal(...)] * n` repeats one."""

    id = "repeated-draws"
    faults = ("init-constant",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for node in source.all(cst.BinaryOperation):
            near = source.line(node) == line or source.covers(source.scope(node), line)
            drawn = node.left.elements[0].value if isinstance(node.left, cst.List) and node.left.elements else None
            if not near or source.scope(node) is source.module and source.line(node) != line:
                continue
            if not isinstance(node.operator, cst.Multiply) or not isinstance(drawn, cst.Call):
                continue
            if len(cst.ensure_type(node.left, cst.List).elements) != 1:
                continue
            if not _RANDOM.search(source.code(drawn.func)):
                continue
            edits = Edits(source)
            edits.replace(node, f"[{source.code(drawn)} for _ in range({source.code(node.right)})]")
            yield self.patch("Draw each of them anew", edits)
            return
        raise CannotWrite("nothing on this line is drawn once and repeated")
