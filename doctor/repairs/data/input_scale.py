"""Inputs brought to unit scale, where the arrays enter."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.data.array_changes import change_all, given
from doctor.repairs.data.arrays import Held, held, last_value, one_scope
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits, expression
from doctor.repairs.data.places import fresh, insert, method_call, names_in, place_of
from doctor.repairs.source import number

#: Calls that only write pixels in another form: a division fits behind them.
_REWRITING = ("astype", "reshape", "asarray", "array", "expand_dims", "ascontiguousarray", "float32")


class ScaledArrays(Repair):
    """Divides pixels by 255, else standardises every column by mean and spread of the training rows.

    Training, validation and test arrays get the same: all that the run was seen to hand over.
    """

    id = "scaled-arrays"
    faults = ("input-scale",)
    rules = ("input-scale", "faint-columns", "drowned-columns")

    def patches(self, case: Case) -> Iterator[Patch]:
        arrays = [one for one in held(case, "x", "x_val") if one.site.attributes.get("min") is not None]
        size = measured_size(case)
        if size is None or not any(one.training for one in arrays):
            return
        if any(one.training and not _alike(one, size) for one in arrays):
            return  # the pipeline changes them on the way: the scale is not that of the arrays
        if all(pixels(one) for one in arrays):
            yield self.patch("Scale the pixels to [0, 1]", *_divided(arrays))
        elif one_scope(arrays):
            yield self.patch("Standardise the inputs with mean and spread of the training rows", _standardised(arrays))
        else:
            raise CannotWrite("training and held-out inputs are held in different functions")


def measured_size(case: Case) -> float | None:
    """Root mean square of what entered the network, as the rule measured it."""
    return next((one.observed for one in case.finding.evidence if one.series.endswith("/rms")), None)


def measured_pixels(case: Case) -> bool:
    """Whether what entered the network has the range of pixels."""
    ends = {one.series.rsplit("/", 1)[-1]: one.observed for one in case.finding.evidence}
    return ends.get("min", -1.0) >= 0 and 200 < ends.get("max", 0.0) <= 255


def _alike(one: Held, size: float) -> bool:
    """Whether an array has the size that was measured where it enters the network."""
    mean, spread = one.site.attributes.get("mean"), one.site.attributes.get("std")
    if mean is None or spread is None or size <= 0:
        return True
    return 0.3 < float((mean**2 + spread**2) ** 0.5) / size < 3.0


def pixels(one: Held) -> bool:
    """Whether an array has the range of pixels."""
    low, high = one.site.attributes.get("min"), one.site.attributes.get("max")
    return low is not None and high is not None and low >= 0 and 200 < high <= 255


def _divided(arrays: Sequence[Held]) -> list[Edits]:
    by_file: dict[str, Edits] = {}
    done: set[tuple[str, int, str]] = set()
    for one in arrays:
        edits = by_file.setdefault(one.source.path, Edits(one.source))
        key = (one.source.path, id(one.scope), one.name)
        if key not in done:
            done.add(key)
            _divide(edits, one)
    return list(by_file.values())


def _divide(edits: Edits, one: Held) -> None:
    """Divide an array by 255: behind what makes it, where that only writes it in another form, else in a line more."""
    cast = "" if str(one.site.attributes.get("dtype")).startswith("float") else '.astype("float32")'
    made = _rewritten(one)
    if made is not None:
        edits.replace(made, f"{one.source.code(made)}{cast} / 255.0")
    else:
        place = place_of(one.source, one.scope, {one.root}, [one.use])
        insert(edits, place, given(one.name, f"{one.name}{cast} / 255.0"))


def _rewritten(one: Held) -> cst.BaseExpression | None:
    value = last_value(one)
    return value if value is not None and method_call(value) in _REWRITING else None


def _standardised(arrays: Sequence[Held]) -> Edits:
    first = next(one for one in arrays if one.training)
    edits = Edits(first.source)
    mean, std = fresh(first.source, "mean", "std")
    change_all(
        edits, arrays, f"{mean}, {std} = {statistics(first, edits)}", names_in(training_rows(first)),
        lambda name: f"({name} - {mean}) / ({std} + 1e-8)",
    )  # fmt: skip
    return edits


def statistics(one: Held, edits: Edits) -> str:
    """Mean and spread of the training rows, as two expressions."""
    rows, dimensions = training_rows(one), len(one.site.attributes.get("shape") or ())
    axis = "axis=0" if dimensions < 3 else f"axis={tuple(range(dimensions - 1))}"
    value = last_value(one)
    if value is not None and re.search(r"\b(tf|tensorflow|ops)\.", one.source.code(value)[:12]):
        tensors = edits.tensorflow()
        return f"{tensors}.reduce_mean({rows}, {axis}), {tensors}.math.reduce_std({rows}, {axis})"
    return f"{rows}.mean({axis}), {rows}.std({axis})"


def training_rows(one: Held) -> str:
    """The training rows of a variable: "x_train", "x[:n]"; of those that `validation_split` cuts, what it leaves."""
    text, split = f"{one.name}{one.rows}", validation_split(one)
    if not split:
        return text
    known = number(expression(split))
    return f"{text}[: int(len({text}) * {1 - known:g})]" if known else f"{text}[: int(len({text}) * (1 - {split}))]"


def validation_split(one: Held) -> str:
    """The share of rows that the call of `fit` which is handed an array cuts off, as it is written; "" where none."""
    for node in one.source.around(one.use):
        if isinstance(node, cst.Call) and method_call(node) == "fit":
            given = next((arg for arg in node.args if arg.keyword is not None
                          and arg.keyword.value == "validation_split"), None)  # fmt: skip
            return one.source.code(given.value) if given is not None else ""
    return ""
