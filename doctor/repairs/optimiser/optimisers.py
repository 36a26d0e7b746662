"""The optimisers, the gradients and the updates that a script writes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case
from doctor.repairs.shared.rates import OPTIMISERS
from doctor.repairs.source import Source, argument, last_name

#: Methods that apply gradients.
APPLIES = ("apply_gradients", "apply")


@dataclass(frozen=True)
class Asked:
    """A call that asks a tape for gradients.

    Attributes:
        source: the file.
        call: `tape.gradient(loss, variables)`.
        loss, variables: its arguments.
    """

    source: Source
    call: cst.Call
    loss: cst.BaseExpression
    variables: cst.BaseExpression

    @property
    def assigned(self) -> cst.Assign | None:
        """The assignment of its result, where it is assigned as it is."""
        outer = self.source.parent(self.call)
        return outer if isinstance(outer, cst.Assign) and outer.value is self.call else None

    @property
    def target(self) -> cst.BaseExpression | None:
        """What the gradients are assigned to."""
        return self.assigned.targets[0].target if self.assigned is not None else None


def asked(case: Case) -> Iterator[Asked]:
    """All calls that ask a tape for gradients, those of the finding's file first."""
    for source in case.sources():
        yield from asked_in(source)


def asked_in(source: Source) -> Iterator[Asked]:
    """The calls of a file that ask a tape for gradients."""
    for call in source.calls("gradient"):
        loss, variables = argument(call, "target", 0), argument(call, "sources", 1)
        if loss is not None and variables is not None:
            yield Asked(source, call, loss.value, variables.value)


def made(source: Source, line: int | None = None) -> list[cst.Call]:
    """The calls that make optimisers of Keras's, all or those on a line."""
    own = {one.name.value for one in source.all(cst.ClassDef)}
    return [call for call in source.calls(line=line)
            if OPTIMISERS.search(last_name(call.func)) and last_name(call.func) not in own]  # fmt: skip


def named(case: Case, source: Source) -> str | None:
    """What the optimiser is called in a file: the name that it is assigned to, or "self.optimizer" of a model's."""
    for call in made(source):
        outer = source.parent(call)
        if isinstance(outer, cst.Assign) and isinstance(outer.targets[0].target, (cst.Name, cst.Attribute)):
            return source.code(outer.targets[0].target)
    return None


def within(source: Source, node: cst.CSTNode, around: cst.CSTNode) -> bool:
    """Whether a node stands within another."""
    return node is around or any(one is around for one in source.around(node))
