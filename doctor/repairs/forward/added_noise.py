"""Noise that is added to the training inputs: little of it, or none."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.findings import Finding
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.forward.draws import Draw, draw_of
from doctor.repairs.edits import Edits
from doctor.repairs.shared.origins import origin
from doctor.repairs.source import Source, argument, number

#: Deviation of the noise where the spread of the signal is not known: inputs are of unit size, or smaller.
_SMALL = 0.05
_LAYERS = ("GaussianNoise",)


class AddedNoise(Repair):
    """Makes noise small against the signal; else leaves it out."""

    id = "added-noise"
    faults = ("input-noise",)

    def suits(self, finding: Finding) -> bool:
        return super().suits(finding) and "drown" in finding.title

    def patches(self, case: Case) -> Iterator[Patch]:
        std = _wanted(case)
        source, line = case.source, case.location.line
        edits = _layer(case, std)
        if edits is None:
            draws = [one for call in source.calls(line=line) if (one := draw_of(source, call)) and not one.constant]
            if not draws:
                raise CannotWrite(f"no noise is drawn on line {line}")
            edits = Edits(source)
            _smaller(edits, draws[-1], std)
            without = _without(source, draws[-1])
        else:
            without = None
        yield self.patch(f"Add noise of standard deviation {std:g}", edits, value=std)
        if without is not None:
            yield self.patch("Add no noise", without, value=0.0)


def _wanted(case: Case) -> float:
    """The standard deviation that the rule proposes: a part of the signal's own."""
    for fix in case.finding.fixes:
        found = re.search(r"stddev=([0-9.e+-]+)", fix.code)
        if found:
            return float(found[1])
    return _SMALL


def _layer(case: Case, std: float) -> Edits | None:
    """Less noise of a layer of Keras that adds it."""
    source, line = case.source, case.location.line
    for call in source.calls(*_LAYERS, line=line):
        given = argument(call, "stddev", 0)
        if given is None:
            continue
        chosen = origin(case, source, given.value)
        known = chosen.number is not None
        edits = Edits(chosen.source if known else source)
        edits.replace(chosen.node if known else given.value, f"{std:g}")
        return edits
    return None


def _smaller(edits: Edits, draw: Draw, std: float) -> None:
    """Give a draw another standard deviation, whatever it is multiplied by."""
    source = edits.source
    word = "scale" if draw.numpy else "stddev"
    scaled = draw.whole is not draw.core
    if word in draw.names and (not scaled or word in draw.given):
        if scaled:
            edits.replace(draw.whole, source.code(draw.core).replace(draw.given[word], f"{std:g}", 1))
        else:
            edits.set_argument(draw.call, word, f"{std:g}", draw.names.index(word))
        return
    low, high = ("low", "high") if draw.numpy else ("minval", "maxval")
    if low in draw.names:
        limit = float(f"{std * 3 ** 0.5:.2g}")
        edits.set_argument(draw.call, low, f"{-limit:g}", draw.names.index(low))
        edits.set_argument(draw.call, high, f"{limit:g}", draw.names.index(high))
        if not scaled:
            return
        raise CannotWrite("the noise is drawn, and then scaled")
    # Numbers of unit size, times something.
    edits.replace(draw.whole, f"{std:g} * {source.code(draw.core)}")


def _without(source: Source, draw: Draw) -> Edits | None:
    """The edit that leaves the noise out, where it is added on the line that draws it."""
    edits = Edits(source)
    around = source.parent(draw.whole)
    if isinstance(around, cst.BinaryOperation) and isinstance(around.operator, cst.Add):
        other = around.right if around.left is draw.whole else around.left
        if number(other) is None:
            outer = source.parent(around)
            same = isinstance(outer, cst.Assign) and [source.code(one.target) for one in outer.targets] == [
                source.code(other)
            ]
            if same:  # img = img
                edits.remove(around)
            else:
                edits.replace(around, source.code(other))
            return edits
    if isinstance(around, cst.AugAssign) and isinstance(around.operator, cst.AddAssign):
        edits.remove(around)
        return edits
    return None
