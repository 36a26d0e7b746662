"""Layers that are frozen and should learn, and layers that were thawed after the model was compiled."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.made_once import outermost
from doctor.repairs.source import Source, argument, last_name, text

#: How many of the last layers stay trainable, in the order of trial.
_LAST = (1, 3)


class Thawed(Repair):
    """Lets layers learn that were frozen: all, or of a loop over the layers of a model the last ones."""

    id = "thawed"
    faults = ("update-missing",)
    rules = ("frozen-model", "frozen-layers")

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for call in source.calls(line=line):
            if argument(call, "trainable") is not None:
                edits = Edits(source)
                edits.drop_argument(call, "trainable")
                yield self.patch("Let the layer learn", edits)
                return
        for node in source.on(line, cst.Assign):
            target = node.targets[0].target
            if not isinstance(target, cst.Attribute) or target.attr.value != "trainable":
                continue
            loop = source.loop(node)
            if isinstance(loop, cst.For) and case.finding.rule == "frozen-model":
                yield from self._but_the_last(source, loop)
                return
            edits = Edits(source)
            if source.code(node.value) == "False" and loop is None:
                edits.remove(node)
            else:
                edits.replace(node.value, "True")
            yield self.patch(f"Let `{source.code(target.value)}` learn", edits)
            return
        yield from self._loop_on(source, line)

    def _loop_on(self, source: Source, line: int) -> Iterator[Patch]:
        for loop in source.on(line, cst.For):
            if any(last_name(node.targets[0].target) == "trainable" for node in source.inside(loop, cst.Assign)):
                yield from self._but_the_last(source, loop)
                return
        raise CannotWrite(f"nothing is frozen on line {line}")

    def _but_the_last(self, source: Source, loop: cst.For) -> Iterator[Patch]:
        """`for layer in model.layers[:-1]`"""
        if not isinstance(loop.iter, (cst.Attribute, cst.Name)):
            edits = Edits(source)
            edits.remove(loop)
            yield self.patch("Let all layers learn", edits)
            return
        for count in _LAST:
            edits = Edits(source)
            edits.replace(loop.iter, f"{source.code(loop.iter)}[:-{count}]")
            yield self.patch(f"Let the last {'layer' if count == 1 else f'{count} layers'} learn", edits)
        edits = Edits(source)
        edits.remove(loop)
        yield self.patch("Let all layers learn", edits)


class CompiledAgain(Repair):
    """Compiles the model again after layers were made trainable."""

    id = "compiled-again"
    faults = ("update-missing",)
    rules = ("thawed-layers",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        node = next(iter(source.on(line, cst.Assign)), None)
        compiled = [call for call in source.calls("compile") if source.line(call) < line]
        if node is None or not compiled:
            raise CannotWrite("where the model was compiled is not seen")
        statement = source.statement(compiled[-1])
        if not isinstance(statement, cst.SimpleStatementLine):
            raise CannotWrite("the model is compiled within another statement")
        code = source.module.code_for_node(statement.with_changes(leading_lines=()))
        given = argument(compiled[-1], "optimizer", 0)
        if given is not None and text(given.value) is None and not isinstance(given.value, cst.Call):
            # An optimiser belongs to the variables that it was built for: a new one of its kind is needed.
            made = source.followed(given.value, line)
            if not isinstance(made, cst.Call) or last_name(made.func) == "get":
                raise CannotWrite("the model needs a new optimiser, and how that is made is not seen")
            code = code.replace(source.code(given.value), source.code(made), 1)
        if source.scope(compiled[-1]) is not source.scope(node):
            raise CannotWrite("the model is compiled in another function")
        edits = Edits(source)
        edits.insert_after(outermost(source, node) or node, code)
        yield self.patch("Compile the model again after the change", edits)
