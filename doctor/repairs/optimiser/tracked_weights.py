"""Weights of Keras layers that are made as tf.Variable, which Keras 3 does not track."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number

#: Draws of TensorFlow, the initialiser that does the same, and its arguments in the order of the draw's.
_DRAWS = {
    "normal": ("RandomNormal", ("mean", "stddev")), "truncated_normal": ("TruncatedNormal", ("mean", "stddev")),
    "uniform": ("RandomUniform", ("minval", "maxval")),
}  # fmt: skip


class TrackedWeights(Repair):
    """Makes the weights of a Keras layer with `add_weight`."""

    id = "tracked-weights"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("add_weight" in fix.code for fix in case.finding.fixes):
            return
        source = case.source
        owner = next((one for one in source.all(cst.ClassDef) if source.covers(one, case.location.line)), None)
        if owner is None:
            raise CannotWrite("the variable is not made in a class")
        edits = Edits(source)
        for call in source.inside(owner, cst.Call):
            made = source.parent(call)
            if last_name(call.func) != "Variable" or not isinstance(made, cst.Assign):
                continue
            if not source.code(made.targets[0].target).startswith("self."):
                continue
            trainable = argument(call, "trainable")
            if trainable is None or source.code(trainable.value) != "False":
                edits.replace(call, _weight(edits, source, call))
        if not edits.made:
            raise CannotWrite("no variable of the layer is seen")
        yield self.patch("Make the weights with add_weight, so that Keras tracks them", edits)


def _weight(edits: Edits, source: Source, call: cst.Call) -> str:
    """`self.add_weight(...)` that starts as a tf.Variable did."""
    given = argument(call, "initial_value", 0)
    if given is None:
        raise CannotWrite("how the variable starts is not written")
    shape, initialiser = _start(edits, source, given.value)
    name = argument(call, "name")
    named = f", name={source.code(name.value)}" if name is not None else ""
    return f"self.add_weight(shape={shape}, initializer={initialiser}{named})"


def _start(edits: Edits, source: Source, value: cst.BaseExpression) -> tuple[str, str]:
    if not isinstance(value, cst.Call):
        if number(value) is not None:
            return "()", f"{edits.keras('initializers.Constant')}({source.code(value)})"
        raise CannotWrite(f"the shape of `{source.code(value)}` is not written")
    kind = last_name(value.func)
    shape = argument(value, "shape", 0) or argument(value, "dims", 0)
    if shape is None:
        raise CannotWrite(f"the shape of `{source.code(value)}` is not written")
    size = source.code(shape.value)
    if isinstance(shape.value, (cst.List, cst.Tuple)):
        inner = ", ".join(source.code(one.value) for one in shape.value.elements)
        size = f"({inner},)" if len(shape.value.elements) == 1 else f"({inner})"
    elif isinstance(shape.value, (cst.Name, cst.Integer, cst.Attribute)) and kind in ("zeros", "ones"):
        size = f"({size},)"
    if kind in ("zeros", "ones"):
        return size, f'"{kind}"'
    if kind in _DRAWS:
        name, words = _DRAWS[kind]
        plain = [arg.value for arg in value.args if arg.keyword is None][1:]
        parts = [f"{word}={source.code(one)}" for word, one in zip(words, plain)]
        parts += [f"{arg.keyword.value}={source.code(arg.value)}" for arg in value.args
                  if arg.keyword is not None and arg.keyword.value in words]  # fmt: skip
        if kind != "uniform" and not any(part.startswith("stddev") for part in parts):
            parts.append("stddev=1.0")  # Keras's own would be 0.05
        if kind == "uniform":
            parts = parts if any(part.startswith("minval") for part in parts) else ["minval=0.0", *parts]
            parts = parts if any(part.startswith("maxval") for part in parts) else [*parts, "maxval=1.0"]
        return size, f"{edits.keras(f'initializers.{name}')}({', '.join(parts)})"
    return size, source.code(value.func)  # an initialiser that is called with the shape
