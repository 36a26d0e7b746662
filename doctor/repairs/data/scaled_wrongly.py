"""Scaling that is done twice, thrown away, or given the wrong figure."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.input_scale import measured_size
from doctor.repairs.source import Source, argument, last_name, number

#: What people divide pixels by.
_FULL = (255.0, 256.0, 127.5)


class ScaledTwice(Repair):
    """Takes one of two scalings out: the layer of the model, else the last division."""

    id = "scaled-twice"
    faults = ("input-scale",)
    rules = ("input-scale",)

    def patches(self, case: Case) -> Iterator[Patch]:
        size = measured_size(case)
        if size is None or size >= 1.0:
            return
        places = [(source, node) for source in case.sources() for node in scalings(source)]
        if len(places) < 2:
            return
        own = case.location
        here = [one for one in places if one[0].path == own.path and one[0].covers(one[1], own.line)]
        layers = [one for one in places if last_name_of(one[1]) == "Rescaling"]
        for source, node in dict.fromkeys([*here, *layers, places[-1]]):
            edits = Edits(source)
            without(edits, node)
            yield self.patch("Scale the inputs once", edits)


def last_name_of(node: cst.CSTNode) -> str:
    return last_name(node.func) if isinstance(node, cst.Call) else ""


def scalings(source: Source) -> list[cst.BaseExpression | cst.AugAssign]:
    """What scales pixels: layers, divisions by 255, conversions to floats between 0 and 1; inputs first."""
    found: list[cst.BaseExpression | cst.AugAssign] = []
    for node in source.nodes:
        if isinstance(node, cst.Call) and last_name(node.func) == "Rescaling" and "255" in source.code(node):
            found.append(node)
        elif isinstance(node, cst.Call) and last_name(node.func) == "convert_image_dtype":
            found.append(node)
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
            if number(node.right) in _FULL and number(node.left) is None:
                found.append(node)
        elif isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.DivideAssign):
            if number(node.value) in _FULL:
                found.append(node)
    return found


def without(edits: Edits, node: cst.CSTNode) -> None:
    """Take a scaling out.

    Raises:
        CannotWrite: it stands where it cannot be left out.
    """
    source = edits.source
    around = source.parent(node)
    if isinstance(node, cst.AugAssign):
        edits.remove(node)
    elif isinstance(node, cst.BinaryOperation):
        edits.replace(node, source.code(node.left))
    elif isinstance(around, cst.Element):
        outer = source.parent(around)
        assert isinstance(outer, (cst.List, cst.Tuple))
        edits.change(outer, _Without([one is around for one in outer.elements].index(True)))
    elif isinstance(around, cst.Arg) and last_name_of(source.parent(around) or node) == "add":
        edits.remove(node)
    elif isinstance(around, cst.Call) and around.func is node and around.args:
        edits.replace(around, source.code(around.args[0].value))
    elif isinstance(node, cst.Call) and last_name(node.func) == "convert_image_dtype" and node.args:
        edits.replace(node, source.code(node.args[0].value))
    else:
        raise CannotWrite(f"the scaling on line {source.line(node)} is held by a variable")


class _Without:
    """A list without one of its elements."""

    def __init__(self, place: int) -> None:
        self._place = place

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, (cst.List, cst.Tuple))
        kept = [*node.elements[: self._place], *node.elements[self._place + 1 :]]
        if kept and self._place == len(kept):
            kept[-1] = kept[-1].with_changes(comma=node.elements[-1].comma)
        return node.with_changes(elements=kept)


class ThrownAway(Repair):
    """Keeps what a scaler returns: `scaler.transform(x)` alone changes nothing."""

    id = "kept-result"
    faults = ("input-scale", "target-scale", "degenerate-feature")

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            edits, found = Edits(source), False
            for node in source.all(cst.Expr):
                call = node.value
                if isinstance(call, cst.Call) and last_name(call.func) in ("transform", "fit_transform", "normalize"):
                    given = call.args[0].value if call.args else None
                    if isinstance(given, (cst.Name, cst.Subscript, cst.Attribute)):
                        edits.replace_statement(node, f"{source.code(given)} = {source.code(call)}")
                        found = True
            if found:
                yield self.patch("Keep what the scaler returns", edits)
                return


class DeviationSquared(Repair):
    """Squares the standard deviation that a normalisation is given as its variance."""

    id = "squared-deviation"
    faults = ("input-scale",)
    rules = ("input-scale",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.evidence and measured_size(case) is not None or case.finding.location is None:
            return
        source = case.source
        for call in source.calls("Normalization"):
            given = argument(call, "variance", 2)
            if given is not None and source.covers(call, case.location.line):
                edits = Edits(source)
                text = source.code(given.value)
                simple = re.fullmatch(r"[\w.]+(\[[^\]]*\]|\([^()]*\))?", text)
                edits.replace(given.value, f"{text}**2" if simple else f"({text}) ** 2")
                yield self.patch("Square the standard deviation: a normalisation takes a variance", edits)
                return
