"""Inputs of a tf.data pipeline, of a generator, or of anything else, brought to unit scale."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.data.arrays import one_scope
from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.first_layer import put_first
from doctor.repairs.data.input_scale import measured_pixels, measured_size
from doctor.repairs.data.pipelines import Mapped, holders, mapped, stages
from doctor.repairs.data.places import fresh, insert, method_call, place_of
from doctor.repairs.source import Source, last_name

#: Calls after which pixels are floats.
_FLOATS = ("cast", "astype", "resize", "resize_with_pad", "to_float", "saturate_cast")


class ScaledPipeline(Repair):
    """Divides pixels by 255 in the function that the pipeline maps, else normalises what comes out of the pipeline.

    Where neither can be found (batches of a generator), the model does it in a first layer.
    """

    id = "scaled-pipeline"
    faults = ("input-scale",)
    rules = ("input-scale", "faint-columns", "drowned-columns")

    def patches(self, case: Case) -> Iterator[Patch]:
        size = measured_size(case)
        if size is None or size < 1.0:
            return
        if measured_pixels(case):
            edits: dict[str, Edits] = {}
            done = [_divided(edits.setdefault(one.source.path, Edits(one.source)), one) for one in mapped(case)]
            if any(done):
                yield self.patch("Scale the pixels to [0, 1] where they are read", *edits.values())
        else:
            normalised = _normalised(case)
            if normalised is not None:
                yield self.patch("Normalise the inputs with mean and spread of the training data", normalised)
        layer = "layers.Rescaling" if measured_pixels(case) else "layers.BatchNormalization"
        arguments = "1.0 / 255" if measured_pixels(case) else ""
        first = put_first(case, layer, arguments)
        if first is not None:
            yield self.patch("Scale the inputs in a first layer of the model", first)


def _divided(edits: Edits, one: Mapped) -> bool:
    """Divide the pixels that a mapped function returns."""
    source = one.source
    for answer in one.answers():
        value = answer.elements[0].value if isinstance(answer, cst.Tuple) and answer.elements else answer
        twice = _converted(source, one.function)
        if twice is not None:
            edits.replace(twice, f"{source.code(twice.args[0].value)} / 255.0")
            return True
        made = _made(source, one.function, value)
        if made is not None:
            edits.replace(made, f"{source.code(made)} / 255.0")
            return True
        if isinstance(value, (cst.Dict, cst.List, cst.Tuple)):
            return False
        tensors = edits.tensorflow()
        edits.replace(value, f"{tensors}.cast({source.code(value)}, {tensors}.float32) / 255.0")
        return True
    return False


def _converted(source: Source, function: cst.CSTNode) -> cst.Call | None:
    """A conversion to [0, 1] of what is a float already: it leaves floats as they are."""
    for call in source.inside(function, cst.Call):
        given = call.args[0].value if call.args else None
        if last_name(call.func) == "convert_image_dtype" and isinstance(given, cst.Name):
            before = source.assigned(given.value, source.line(call))
            if before is not None and method_call(before) in _FLOATS:
                return call
    return None


def _made(source: Source, function: cst.CSTNode, value: cst.BaseExpression) -> cst.BaseExpression | None:
    """Where what is returned became floats: the value itself, or the last assignment of its name."""
    if isinstance(value, cst.Name):
        inside = [node for node in source.assignments(value.value)
                  if any(outer is function for outer in source.around(node))]  # fmt: skip
        last = inside[-1] if inside else None
        if not isinstance(last, cst.Assign):
            return None
        value = last.value
    if method_call(value) in ("resize", "resize_with_pad"):
        return value
    return value if method_call(value) in _FLOATS and "float" in source.code(value) else None


def _normalised(case: Case) -> Edits | None:
    """A normalisation that takes its figures from the training pipeline, mapped over all of them."""
    found = holders(case)
    first = next((one for one in found if one.training), None)
    if first is None or not one_scope(found) or stages(first.site, "padded_batch"):
        return None
    edits = Edits(first.source)
    (norm,) = fresh(first.source, "normalize")
    endless = any((stage.get("arguments") or {}).get("count") in (None, -1) for stage in stages(first.site, "repeat"))
    some = ".take(200)" if endless else ""
    lines = [f"{norm} = {edits.keras('layers.Normalization')}()"]
    lines += [f"{norm}.adapt({first.name}{some}.map(lambda x, y: x))"]
    names = dict.fromkeys(one.name for one in found)
    lines += [f"{name} = {name}.map(lambda x, y: ({norm}(x), y))" for name in names]
    insert(edits, place_of(first.source, first.scope, {one.root for one in found}, [one.use for one in found]),
           "\n".join(lines))  # fmt: skip
    return edits
