"""What is behind exceptions about sizes and axes that do not fit."""

from __future__ import annotations

import re

from doctor.findings import Fix
from doctor.rules.crash_explained import Crash, Explanation


def _shape(text: str) -> str:
    """"8,3" or "None, 10" as a shape."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def product(match: re.Match[str], crash: Crash) -> Explanation:
    left, right = _shape(match[1]), _shape(match[2])
    return Explanation(
        f"A product of shapes {left} and {right} needs equal inner sizes.",
        (Fix("Give the first weight matrix as many rows as the data has columns, or transpose one of the two"),),
        alone=True,
    )


def elementwise(match: re.Match[str], crash: Crash) -> Explanation:
    left, right = _shape(match[1]), _shape(match[2])
    return Explanation(
        f"An operation on two tensors got shapes {left} and {right}: sizes that differ must be 1 in one of them.",
        alone=True,
    )


def node(match: re.Match[str], crash: Crash) -> Explanation:
    shapes = re.findall(r"\[([^\]]*)\]", match[2])
    if match[1] in ("MatMul", "BatchMatMulV2") and len(shapes) == 2:
        return product(re.fullmatch(r"(.*)\|(.*)", "|".join(shapes)) or match, crash)
    told = " and ".join(_shape(shape) for shape in shapes)
    return Explanation(f"The operation {match[1]} got shapes {told}, which do not fit together.", alone=True)


def layer_width(match: re.Match[str], crash: Crash) -> Explanation:
    layer, width, shape = match[1], match[3], _shape(match[4])
    got = match[4].split(",")[int(match[2])].strip()
    fixes: tuple[Fix, ...] = ()
    if got.isdigit():
        fixes = (Fix(f"Make the model for inputs of {got} values, or feed it {width}", f"keras.Input(({got},))"),)
    return Explanation(f"The layer `{layer}` was made for {width} values an example and got {shape}.", fixes, True)


def layer_axes(match: re.Match[str], crash: Crash) -> Explanation:
    layer, wanted, got = match[1], int(match[2]), int(match[3])
    fixes: tuple[Fix, ...] = ()
    if (wanted, got) == (4, 3):
        fixes = (Fix("Add the axis of channels to images in shades of grey", "x[..., None]"),)
    elif wanted == got + 1:
        fixes = (Fix("Add the missing axis (a batch of one: `x[None]`, one feature: `x[:, None]`)"),)
    return Explanation(
        f"The layer `{layer}` wants {wanted} axes, batch included, and got {got}: {_shape(match[4])}.", fixes, True
    )


def targets(match: re.Match[str], crash: Crash) -> Explanation:
    """A loss that got labels of one shape and outputs of another."""
    target, output = match[1], match[2]
    labels, outputs = ([part.strip() for part in one.split(",") if part.strip()] for one in (target, output))
    text = f"The labels have shape {_shape(target)}, the outputs of the model {_shape(output)}."
    fix: tuple[Fix, ...] = ()
    if len(labels) < len(outputs) or (len(labels) == len(outputs) and labels[-1:] == ["1"]):
        right = "keras.losses.sparse_categorical_crossentropy"
        fix = (Fix("Where the labels are class numbers, use the loss for them", right),)
    elif "ndim - 1" in crash.text or "up until the last dimension" in crash.text:
        right = "keras.losses.categorical_crossentropy"
        fix = (Fix("Where the labels are one-hot, use the loss for them", right),)
    elif len(labels) == len(outputs) and labels[-1].isdigit():
        fix = (Fix(f"Give the output layer {labels[-1]} units, one for each column of the labels"),)
    return Explanation(text, fix, alone=True)


def cardinality(match: re.Match[str], crash: Crash) -> Explanation:
    first, second = match[2].strip().partition(",")[0], match[4].strip().partition(",")[0]
    return Explanation(
        f"`{match[1]}` has {first} rows and `{match[3]}` {second}: every row needs its label.",
        (Fix("Cut, filter and shuffle inputs and labels alike"),),
        alone=True,
    )
