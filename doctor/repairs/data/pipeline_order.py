"""Stages of a data pipeline in the order in which they mix examples, and batches that differ from step to step."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.pipelines import datasets, stages
from doctor.repairs.data.places import fresh, insert, method_call, place_of, writes
from doctor.repairs.source import Source, dotted, last_name, number
from doctor.repairs.data.stages import (
    arguments_of,
    buffer_of,
    call_of,
    first_batch,
    put_before,
    size_of,
    take_out,
)


class PipelineOrder(Repair):
    """Shuffles examples rather than batches or files, with a buffer as large as the data."""

    id = "pipeline-order"
    faults = ("pipeline-order", "unshuffled")
    rules = ("pipeline-order", "unshuffled")

    def patches(self, case: Case) -> Iterator[Patch]:
        for site in datasets(case, training=True):
            names = [str(stage.get("stage")) for stage in stages(site)]
            batch = first_batch(case, site)
            if batch is None:
                continue
            source, call = batch
            size = size_of(case, site, call, source)
            shuffles = stages(site, "shuffle")
            made = call_of(case, shuffles[0]) if shuffles else None
            edits = Edits(source)
            opened = [place for place, name in enumerate(names) if name in ("interleave", "flat_map")]
            late = bool(shuffles) and names.index("shuffle") > names.index(last_name(call.func))
            if not shuffles:
                put_before(edits, call, "shuffle", size)
                yield self.patch("Shuffle the examples before they are batched", edits)
            elif opened and names.index("shuffle") < opened[-1] and not late:
                put_before(edits, call, "shuffle", size)
                yield self.patch("Shuffle the examples, not only the files", edits)
            elif made is not None and late:
                if made[0] is not source:
                    raise CannotWrite("the shuffle stands in another file than the batch")
                put_before(edits, call, "shuffle", _buffered(source, made[1], size))
                take_out(edits, made[1])
                yield self.patch("Shuffle before batching", edits)
            elif made is not None:
                edits = Edits(made[0])
                buffer = buffer_of(made[1])
                if buffer is None:
                    continue
                edits.replace(buffer.value, size_of(case, site, made[1], made[0]))
                yield self.patch("Give the shuffle a buffer as large as the data", edits)
            return
        if case.finding.fault == "pipeline-order" and case.finding.rule == "pipeline-order":
            raise CannotWrite("the call that batches the data was not found")


def _buffered(source: Source, shuffle: cst.Call, size: str) -> str:
    """The arguments of a shuffle that is moved: a buffer of batches becomes one of examples."""
    buffer = buffer_of(shuffle)
    written = arguments_of(source, shuffle)
    value = number(buffer.value) if buffer is not None else None
    if buffer is None or value is None or (size.isdigit() and value >= int(size)) or value >= 1000:
        return written
    return written.replace(source.code(buffer.value), size, 1)


class OneIterator(Repair):
    """Makes the iterator once, rather than in every step, which then always begins with the same batch."""

    id = "one-iterator"
    faults = ("pipeline-order",)
    rules = ("repeated-batch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for call in source.calls("next"):
                inner = call.args[0].value if call.args else None
                if method_call(inner) != "iter" if inner is not None else True:
                    continue
                assert isinstance(inner, cst.Call)
                if not inner.args or not (source.loop(call) or source.scope(call) is not source.module):
                    continue
                yield self.patch("Make the iterator once, before the loop", _made_once(source, call, inner))
                return


def _made_once(source: Source, call: cst.Call, inner: cst.Call) -> Edits:
    edits = Edits(source)
    data = inner.args[0].value
    text, root = source.code(data), dotted(data)
    repeated = text if ".repeat(" in text else f"{text}.repeat()"
    if root.startswith("self."):
        (name,) = fresh(source, "batches")
        made = writes(source, root)
        if not made:
            raise CannotWrite(f"`{root}` is set nowhere")
        edits.insert_after(made[0], f"self.{name} = iter({repeated})")
        edits.replace(call, f"next(self.{name})")
        return edits
    (name,) = fresh(source, "batches")
    scope = source.scope(call)
    own = [node for node in writes(source, root) if source.scope(node) is scope] if root else []
    outer = scope if source.loop(call) is not None or own else source.module
    place = place_of(source, outer, {root} if root else set(), [call])
    loop = _outermost(source, call)
    if loop is not None and outer is scope:
        place = (loop, False)
    insert(edits, place, f"{name} = iter({repeated})")
    edits.replace(call, f"next({name})")
    return edits


def _outermost(source: Source, node: cst.CSTNode) -> cst.CSTNode | None:
    """The outermost loop around a node within its function."""
    found: cst.CSTNode | None = None
    for one in source.around(node):
        if isinstance(one, cst.FunctionDef):
            break
        if isinstance(one, (cst.For, cst.While)):
            found = one
    return found


class SeededOnce(Repair):
    """Seeds random numbers once, rather than before each batch is drawn, which makes all batches the same."""

    id = "seeded-once"
    faults = ("pipeline-order",)
    rules = ("repeated-batch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for call in source.calls("RandomState", "default_rng", "seed", "set_seed", "Generator"):
                if not call.args or number(call.args[0].value) is None and not _constant(call.args[0].value):
                    continue
                function = source.scope(call)
                loop = _outermost(source, call)
                outer = loop if loop is not None else function
                if outer is source.module or not _draws_batches(source, outer):
                    continue
                edits = Edits(source)
                edits.insert_before(outer, source.code(source.statement(call)).strip())
                edits.remove(call)
                yield self.patch("Seed the random numbers once", edits)
                return


def _constant(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value.isupper()


def _draws_batches(source: Source, node: cst.CSTNode) -> bool:
    """Whether a function or loop draws rows of a batch."""
    if isinstance(node, cst.FunctionDef) and re.search(r"init|main|build|load|make_model", node.name.value):
        return False
    drawn = source.inside(node, cst.Call)
    return any(last_name(call.func) in ("choice", "randint", "integers", "permutation", "sample", "uniform")
               for call in drawn)  # fmt: skip
