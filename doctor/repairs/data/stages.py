"""Stages of a tf.data pipeline put in, taken out and moved, wherever its calls are written."""

from __future__ import annotations

from typing import Any, Mapping

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import Edits, expression
from doctor.repairs.data.pipelines import stage_calls, stages
from doctor.repairs.source import Source, argument, dotted, last_name
from doctor.types import Location, Site

#: Elements that a buffer holds where nobody knows how many there are.
UNKNOWN = 10_000
BATCHING = ("batch", "padded_batch", "ragged_batch", "bucket_by_sequence_length")


def call_of(case: Case, stage: Mapping[str, Any]) -> tuple[Source, cst.Call] | None:
    """The call that made a recorded stage; None where its text is not known."""
    place = Location.of(stage.get("location"))
    if place is None:
        return None
    try:
        source = case.at(place)
    except CannotWrite:
        return None
    calls = stage_calls(source, place, str(stage.get("stage")))
    return (source, calls[0]) if calls else None


def first_batch(case: Case, site: Site) -> tuple[Source, cst.Call] | None:
    """The call that batches a pipeline first."""
    found = stages(site, *BATCHING)
    return call_of(case, found[0]) if found else None


def put_before(edits: Edits, call: cst.Call, stage: str, arguments: str) -> None:
    """One stage more before that of a call, laid out as it is."""
    new = expression(f"x.{stage}({arguments})")

    def longer(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and isinstance(new, cst.Call)
        before = new.with_changes(func=node.func.with_changes(attr=cst.Name(stage)))
        return node.with_changes(func=node.func.with_changes(value=before))

    edits.change(call, longer)


def take_out(edits: Edits, call: cst.Call) -> None:
    """A pipeline without the stage of a call; a statement that does nothing else goes."""
    assert isinstance(call.func, cst.Attribute)
    around = edits.source.parent(call)
    inner = dotted(call.func.value)
    if isinstance(around, cst.Assign) and inner and edits.source.code(around.targets[0].target) == inner:
        edits.remove(call)
        return

    def shorter(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        return node.func.value

    edits.change(call, shorter)


def arguments_of(source: Source, call: cst.Call) -> str:
    """What a call is given, as it is written."""
    return ", ".join(source.code(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip() for arg in call.args)


def size_of(case: Case, site: Site, call: cst.Call, source: Source) -> str:
    """How many elements a pipeline has: "len(x)" of `from_tensor_slices((x, y))` in one function, else a number."""
    for stage in stages(site, "from_tensor_slices"):
        made = call_of(case, stage)
        given = made[1].args[0].value if made is not None and made[1].args else None
        first = given.elements[0].value if isinstance(given, (cst.Tuple, cst.List)) and given.elements else given
        same = made is not None and made[0] is source and source.scope(made[1]) is source.scope(call)
        if first is not None and same and dotted(first):
            return f"len({source.code(first)})"
    counts = [stage["elements"] for stage in stages(site) if stage.get("elements")]
    before = [stage for stage in stages(site) if stage.get("stage") not in BATCHING]
    known = next((stage["elements"] for stage in before if (stage.get("elements") or 0) > 0
                  and stage.get("stage") not in ("list_files",)), None)  # fmt: skip
    opened = stages(site, "interleave", "flat_map")
    return str(known) if known and counts and not opened else str(UNKNOWN)


def buffer_of(call: cst.Call) -> cst.Arg | None:
    """The argument that gives the buffer of a shuffle."""
    return argument(call, "buffer_size", 0)


def is_stage(node: cst.CSTNode, name: str) -> bool:
    """Whether a node is the call of a stage by a name."""
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and last_name(node.func) == name
