"""Half precision: the end of a network, and what a loss is made of, in single precision."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import WEIGHTED, once
from doctor.repairs.source import argument, last_name


def half(case: Case) -> bool:
    """Whether a finding is about half precision."""
    return "half precision" in case.finding.message or any(
        site.attributes.get("dtype") == "float16" for site in case.recording.sites.values()
    )


def in_single(repair: Repair, case: Case) -> Iterator[Patch]:
    """The output layer in single precision, or a cast before the softmax or loss."""
    output = case.view.output
    places = [output.location] if output is not None and output.location is not None else []
    for place in [*places, case.location]:
        edits = Edits(case.at(place))
        calls = edits.source.calls(*WEIGHTED, "Activation", "Softmax", line=place.line)
        if calls and argument(calls[0], "dtype") is None:
            try:
                once(edits.source, calls[0])
            except CannotWrite:
                continue
            edits.set_argument(calls[0], "dtype", '"float32"')
            yield repair.patch("Let the network end in single precision", edits)
            return
    source, line = case.source, case.location.line
    statements = source.on(line, cst.SimpleStatementLine)
    calls = source.calls(line=line)
    if statements:
        calls += source.inside(source.scope(statements[0]), cst.Call)
    for name in ("softmax", "sigmoid", "log", "sqrt"):
        for call in calls:
            if last_name(call.func) == name and call.args:
                edits = Edits(source)
                value = call.args[0].value
                if isinstance(value, cst.BinaryOperation):
                    value = value.left
                tensorflow = edits.tensorflow()
                edits.wrap(value, f"{tensorflow}.cast(", f", {tensorflow}.float32)")
                yield repair.patch("Compute the loss in single precision", edits)
                return
