"""As many output units as there are classes, where the number is chosen."""

from __future__ import annotations

import math

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.forward.draws import draws_on
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import widen
from doctor.repairs.forward.layers import layer_calls, layer_name, units_of
from doctor.repairs.shared.origins import origin
from doctor.repairs.source import argument
from doctor.rules.labels import empty_rows
from doctor.types import Site

#: Calls that turn numbers of classes into rows with a one.
_ENCODING = ("one_hot", "to_categorical")


def widened(case: Case, units: int) -> list[Edits]:
    """Give the last layer as many units as there are classes, where the number is chosen."""
    output = case.view.output
    now = units_of(output) if output is not None else None
    source, line = case.source, case.location.line
    files: dict[str, Edits] = {}
    for call in layer_calls(source, line, layer_name(output) if output is not None else "", now):
        given = argument(call, "units") or argument(call, "filters") or argument(call, "units", 0)
        behind = origin(case, source, given.value) if given is not None else None
        if behind is not None and behind.number is not None and int(behind.number) == now:
            files.setdefault(behind.source.path, Edits(behind.source)).replace(behind.node, str(units))
    for variable in [*case.view.used_kernels[-1:], *_last_bias(case)]:
        if variable.location is None or layer_name(variable):
            continue
        source = case.at(variable.location)
        for draw in draws_on(source, variable.location.line):
            shape = draw.given.get("size" if draw.numpy else "shape", "")
            nodes = [node for node in source.inside(draw.call, cst.Element) if source.code(node.value) == (
                draw.dims or ("",))[-1]]  # fmt: skip
            behind = origin(case, source, nodes[-1].value) if nodes and shape else None
            if behind is not None and behind.number == now:
                files.setdefault(behind.source.path, Edits(behind.source)).replace(behind.node, str(units))
    if not files:
        widen(files.setdefault(source.path, Edits(source)), line, units)
    for one in case.sources():
        for call in one.calls(*_ENCODING):
            width = _width(call)
            behind = origin(case, one, width.value) if width is not None else None
            if behind is not None and behind.number == now:
                files.setdefault(behind.source.path, Edits(behind.source)).replace(behind.node, str(units))
    return list(files.values())


def _width(call: cst.Call) -> cst.Arg | None:
    """The number of classes that an encoding is told."""
    return argument(call, "depth") or argument(call, "num_classes") or argument(call, "depth", 1)


def classes_beside(case: Case) -> int:
    """How many classes there are where some one-hot labels are empty: these are taken to be as frequent as the others.

    Raises:
        CannotWrite: none are empty.
    """
    output, empty = case.view.output, empty_rows(case.view)
    units = units_of(output) if output is not None else None
    if not units or not empty or empty >= 1:
        raise CannotWrite("it is not known how many classes there are")
    return max(units + 1, math.ceil(units / (1 - empty) - 0.1))


def _last_bias(case: Case) -> list[Site]:
    biases = [one for one in case.view.variables if one.attributes.get("role") == "bias"]
    return biases[-1:]
