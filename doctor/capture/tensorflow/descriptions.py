"""Small facts about shapes and labels that the descriptions of sites are made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from doctor.capture.tensorflow import images, ops
from doctor.capture.tensorflow.head import Head
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.capture.tensorflow.variables import VariableInfo

if TYPE_CHECKING:
    from doctor.capture.tensorflow.look import Look


def merged(one: list[int | None] | None, other: list[int | None] | None) -> list[int | None] | None:
    """A shape that holds for two traces: a size that differs, such as that of a last batch, is None."""
    if one is None or other is None or len(one) != len(other):
        return other
    return [a if a == b else None for a, b in zip(one, other)]


def listed(shape: tuple[int | None, ...] | None) -> list[int | None] | None:
    return None if shape is None else list(shape)


def fans(shape: tuple[int, ...]) -> tuple[int | None, int | None]:
    """(fan_in, fan_out) of a kernel; for a convolution times the size of its window."""
    if len(shape) < 2:
        return None, None
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


def guess_role(info: VariableInfo) -> str:
    """The role of a variable that the forward pass does not use in a way that tells."""
    last = info.name.rsplit("/", 1)[-1].lower()
    if "bias" in last:
        return "bias"  # that of a GRU is a matrix
    if len(info.shape) >= 2:
        return "embedding" if "embedding" in last else "kernel"
    if len(info.shape) == 1:
        return "scale" if "gamma" in last or "scale" in last else "bias"
    return "other"


def label_encoding(
    head: Head, label: tuple[int | None, ...] | None, output: tuple[int | None, ...] | None, dtype: str
) -> str:
    units = output[-1] if output else None
    if head.function == "hinge":
        return "sign"
    if head.decision == "rounded":
        return "binary"
    if head.node.op == "SparseSoftmaxCrossEntropyWithLogits" or head.function == "accuracy":
        return "index"
    if head.function == "softmax_cross_entropy":
        if units == 1 and label is not None and label[-1:] == (1,):
            return "binary"  # a loss for many classes on an answer of yes or no
        return "one-hot" if label is not None and output is not None and len(label) == len(output) else "index"
    if head.function == "sigmoid_cross_entropy":
        return "binary"
    if head.function == "log_probability":
        if label is not None and output is not None and len(label) == len(output) and label[-1] == units:
            # Sigmoids that the script divides by their sum, before Keras does so too, are one choice.
            alone = head.produced_by == "sigmoid" and len(head.sums) < 2
            return "binary" if units == 1 or alone else "one-hot"
        return "index" if dtype.startswith(("int", "uint")) and (units or 0) > 1 else "binary"
    return "continuous"


def broadcast(
    label: tuple[int | None, ...] | None, output: tuple[int | None, ...] | None, head: Head
) -> dict[str, Any] | None:
    """The shapes, where an elementwise loss met (N,) with (N, 1) and made (N, N) of them."""
    if label is None or output is None or head.node.op in ("GatherNd", "GatherV2", "BatchMatMulV2"):
        return None
    if head.node.op.endswith("CrossEntropyWithLogits") or len(label) == len(output):
        return None
    short, long = sorted((label, output), key=len)
    if len(short) == 1 and len(long) == 2 and long[-1] == 1 and short[0] != 1:
        return {"labels": list(label), "output": list(output), "result": [long[0], short[0]]}
    return None


def broadcast_elsewhere(trace: Trace, look: Look) -> dict[str, Any] | None:
    """The same where data meets a prediction and no loss was recognised: in a part of a sum, a loss of one's own.

    Differences are what a loss is made of; in sums, products and quotients, as of a likelihood, only data counts, and
    what no gradient goes through, that was given its shape by no op for it.
    """
    for node in trace.nodes:
        difference = node.op in ("Sub", "SquaredDifference")
        if not difference and node.op not in _MEETING:
            continue
        for label, output in (node.inputs[:2], node.inputs[1::-1]):
            shapes = look.shape(label), look.shape(output)
            if None in shapes or not trace.mixed(output):
                continue
            short, long = sorted((shape for shape in shapes if shape is not None), key=len)
            # A vector of another length is meant: thresholds, the centres of bins.
            same = len(short) == 1 and short[0] == long[0]
            if same and len(long) == 2 and long[-1] == 1 and short[0] != 1:
                known = trace.only_data(label) or _kept_out(trace, label)
                if not known and not (difference and _is_target(trace, label, output)):
                    continue
                if not difference and (_widened(trace, label) or _widened(trace, output)):
                    continue
                place = node.location()
                return {
                    "labels": list(shapes[0] or ()),
                    "output": list(shapes[1] or ()),
                    "result": [long[0], short[0]],
                    "at": place.listed() if place is not None else None,
                }
    return None


#: Ops of likelihoods in which labels meet what a network predicts.
_MEETING = frozenset({"Add", "AddV2", "Mul", "RealDiv", "DivNoNan", "Pow", "Xlogy", "Xdivy"})
#: Ops that give a tensor an axis more: what meets another shape then is meant to.
_WIDENING = frozenset({"ExpandDims", "Reshape", "StridedSlice"})


def _kept_out(trace: Trace, key: Key) -> bool:
    """Whether no gradient goes through a tensor, as the advantages by which a policy is weighed."""
    producer = trace.producer.get(key)
    return producer is not None and producer.op in ("StopGradient", "PreventGradient")


def _widened(trace: Trace, key: Key) -> bool:
    """Whether a tensor was given its shape by an op for it."""
    producer = trace.producer.get(key)
    return producer is not None and producer.op in _WIDENING


def one_number(trace: Trace, look: Look) -> dict[str, Any] | None:
    """The shapes, where labels (N,) meet one number that was made of the outputs for the whole batch: a reduction
    without its axis."""
    for node in trace.nodes:
        if node.op not in ("Sub", "SquaredDifference", "Mul", "RealDiv"):
            continue
        for label, output in (node.inputs[:2], node.inputs[1::-1]):
            shapes = look.shape(label), look.shape(output)
            if shapes[1] != () or not shapes[0] or len(shapes[0]) > 2 or not trace.only_data(label):
                continue
            rows, rest = shapes[0][0], shapes[0][1:]
            if rows == 1 or rest not in ((), (1,)) or not trace.mixed(output):
                continue
            reduction = _reduction(trace, output)
            if reduction is None:
                continue  # a number that was picked, or that a network puts out as one
            place = reduction.location() or node.location()
            return {
                "labels": list(shapes[0]), "output": [], "result": list(shapes[0]), "one": True,
                "at": place.listed() if place is not None else None,
            }  # fmt: skip
    return None


#: Ops after which a number of the whole batch is meant: the logarithm of a partition function, a baseline that is kept
#: out of the gradient; and those after which it is one of several.
_MEANT = ops.WEIGHTED | ops.PICKING | ops.LOGARITHMS | {"StopGradient", "PreventGradient"}
#: Ops that make one number of many.
_REDUCTIONS = frozenset({"Sum", "Mean", "Max", "Min", "Prod", "EuclideanNorm"})


def _reduction(trace: Trace, key: Key) -> Node | None:
    """The reduction that made one number of a tensor, a few elementwise steps before; None where it is none."""
    for _ in range(8):
        node = trace.producer.get(key)
        source = next((one for one in node.inputs if trace.mixed(one)), None) if node is not None else None
        if node is None or source is None or node.op in _MEANT:
            return None
        if node.op in _REDUCTIONS:
            return node
        key = source  # also through a squeeze, where the axes were kept at first
    return None


def _is_target(trace: Trace, label: Key, output: Key) -> bool:
    """Whether a tensor stands for labels although variables make it: those of another network, as of a Q target.

    Two shapes of the same network's may well be held against each other pair by pair, as may one that was given an
    axis for it.
    """
    if _widened(trace, label) or _widened(trace, output):
        return False
    stopped = trace.producer.get(trace.back(label, frozenset({"Identity", "Cast"})))
    if stopped is not None and stopped.op == "StopGradient":
        return True
    return not _variables(trace, label) & _variables(trace, output)


def _variables(trace: Trace, key: Key) -> set[Key]:
    """Keys of the variables that a tensor is made of."""
    above = trace.ancestors([key])
    read = (one for node in trace.nodes if id(node) in above for one in node.inputs)
    return {trace.variables[one] for one in read if one in trace.variables}


def weights_broadcast(
    losses: tuple[int | None, ...] | None, weights: tuple[int | None, ...] | None
) -> dict[str, Any] | None:
    """The shapes, where the losses of the examples (N, 1) were multiplied by weights (N,), or the other way round."""
    if losses is None or weights is None or {len(losses), len(weights)} != {1, 2}:
        return None
    short, long = sorted((losses, weights), key=len)
    if long[-1] != 1 or short[0] == 1:
        return None
    return {"labels": list(weights), "output": list(losses), "result": [long[0], short[0]], "weights": True}


def image_behind(trace: Trace, key: Key, look: Look) -> Key | None:
    """The tensor that holds the images that a network is fed, before the script flattened them."""
    for candidate in (trace.back(key), key):
        if images.image_shape(look.shape(candidate)) is not None:
            return candidate
    return None
