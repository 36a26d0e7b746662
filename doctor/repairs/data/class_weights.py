"""Weights that make rare classes count as much as frequent ones."""

from __future__ import annotations

import re
from typing import Iterator, Mapping

import libcst as cst

from doctor.baseline import class_shares
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number

_WEIGHT = re.compile(r"weight|^w_?\d|^w_(pos|neg)|cost", re.I)
_SHARE = re.compile(r"share|ratio|frac|rate|prob|balance|pos", re.I)
#: Losses of TensorFlow, with the place of their labels.
_RAW = {"sigmoid_cross_entropy_with_logits": 0, "sparse_softmax_cross_entropy_with_logits": 0,
        "softmax_cross_entropy_with_logits": 0, "binary_crossentropy": 0, "sparse_categorical_crossentropy": 0,
        "categorical_crossentropy": 0}  # fmt: skip
#: Losses of Keras that are made once and called with labels and output.
_MADE = ("BinaryCrossentropy", "SparseCategoricalCrossentropy", "CategoricalCrossentropy")


class ClassWeights(Repair):
    """Weighs every class by the inverse of its share: in `fit`, in the loss of a loop, in what draws the batches.

    Weights that favour the frequent class are turned round where they are computed.
    """

    id = "class-weights"
    faults = ("class-imbalance",)

    def patches(self, case: Case) -> Iterator[Patch]:
        weights = _weights(case)
        source = case.source
        turned = _turned(source, case.location.line)
        if turned is not None:
            yield self.patch("Turn the weights round: the rarer a class, the larger its weight", turned)
        drawn = next((edits for one in case.sources() if (edits := _drawn(one, case)) is not None), None)
        if drawn is not None:
            yield self.patch("Draw examples of every class into the batches equally often", drawn)
        if weights is None:
            if turned is None and drawn is None:
                raise CannotWrite("the shares of the classes are not known")
            return
        title = "Weigh the rare class as much as the frequent one"
        ways = [edits for edits in (_in_fit(case, weights), _in_loss(case, weights)) if edits is not None]
        for edits in ways[:1]:
            yield self.patch(title, edits)
        if not ways and turned is None and drawn is None:
            raise CannotWrite("neither `fit` nor a loss that can be weighted was found")


def _weights(case: Case) -> dict[int, float] | None:
    """The weight of each class, as the rule proposes it, else by the shares of the labels that were seen."""
    for fix in case.finding.fixes:
        pairs = re.findall(r"(\d+): ([0-9.]+)", fix.code)
        if pairs:
            return {int(name): float(weight) for name, weight in pairs}
    shares = class_shares(case.recording, case.view.subject)
    if shares is None or (shares > 0).sum() < 2:
        return None
    return {number: round(float(1 / (len(shares) * one)), 2) for number, one in enumerate(shares) if one > 0}


def _written(weights: Mapping[int, float]) -> str:
    return "{" + ", ".join(f"{name}: {weight:g}" for name, weight in weights.items()) + "}"


def _listed(weights: Mapping[int, float]) -> str:
    return "[" + ", ".join(f"{weights.get(name, 1.0):g}" for name in range(max(weights) + 1)) + "]"


def _in_fit(case: Case, weights: Mapping[int, float]) -> Edits | None:
    """`class_weight` in the call of `fit`: a dict that is written out is changed where it stands."""
    fit = case.view.first_site("fit")
    if case.view.subject.attributes.get("style") not in (None, "fit") and fit is None:
        return None
    lines = [(one.path, one.line) for one in (fit.location if fit is not None else None, case.location) if one]
    for source in case.sources():
        for call in source.calls("fit", "fit_generator"):
            known = any(path == source.path and source.covers(source.statement(call), line) for path, line in lines)
            if not known and len(source.calls("fit", "fit_generator")) > 1:
                continue
            if argument(call, "sample_weight") is not None:
                continue
            edits = Edits(source)
            given = argument(call, "class_weight")
            behind = source.followed(given.value, source.line(call)) if given is not None else None
            if isinstance(behind, cst.Dict) and all(
                isinstance(one, cst.DictElement) and number(one.value) is not None for one in behind.elements
            ):
                edits.replace(behind, _written(weights))
            else:
                edits.set_argument(call, "class_weight", _written(weights))
            return edits
    return None


def _in_loss(case: Case, weights: Mapping[int, float]) -> Edits | None:
    """Weights in the loss of a hand-written loop."""
    own = case.location
    for source in case.sources():
        calls = [call for call in source.all(cst.Call) if _is_loss(source, call)]
        calls.sort(key=lambda call: not (own.path == source.path and source.covers(call, own.line)))
        for call in calls:
            edits = Edits(source)
            if _weighed(edits, call, weights):
                return edits
    return None


def _is_loss(source: Source, call: cst.Call) -> bool:
    """Whether a call is that of a cross-entropy, by its name or by what its name was given."""
    if last_name(call.func) in _RAW:
        return True
    name = source.code(call.func)
    made = [node.value for node in source.all(cst.Assign) if source.code(node.targets[0].target) == name]
    return any(isinstance(value, cst.Call) and last_name(value.func) in _MADE for value in made)


def _weighed(edits: Edits, call: cst.Call, weights: Mapping[int, float]) -> bool:
    source, name = edits.source, last_name(call.func)
    labels = argument(call, "labels", 0) or argument(call, "y_true", 0)
    if labels is None:
        return False
    tensors = edits.tensorflow()
    text = source.code(labels.value)
    if name == "sigmoid_cross_entropy_with_logits" and set(weights) == {0, 1}:
        owner = source.code(call.func)[: -len(name)]
        edits.replace(call.func, f"{owner}weighted_cross_entropy_with_logits")
        edits.set_argument(call, "pos_weight", f"{weights[1] / weights[0]:.3g}")
        return True
    one_hot = name in ("softmax_cross_entropy_with_logits", "categorical_crossentropy")
    made = next((node.value for node in source.all(cst.Assign) if isinstance(node.value, cst.Call)
                 and source.code(node.targets[0].target) == source.code(call.func)), None)  # fmt: skip
    one_hot = one_hot or isinstance(made, cst.Call) and last_name(made.func) == "CategoricalCrossentropy"
    each = (f"{tensors}.reduce_sum({text} * {_listed(weights)}, axis=-1)" if one_hot
            else f"{tensors}.gather({_listed(weights)}, {tensors}.cast({text}, {tensors}.int32))")  # fmt: skip
    if name in _RAW:
        edits.replace(call, f"{each} * {source.code(call)}")
    elif argument(call, "sample_weight", 2) is None:
        edits.set_argument(call, "sample_weight", each)
    else:
        return False
    return True


def _turned(source: Source, line: int) -> Edits | None:
    """Weights that are the shares of the classes, turned round; all that are computed alike in one function."""
    first = next(iter(source.on(line, cst.Assign)), None)
    if first is None or _quotient(first.value) is None:
        return None
    target = source.code(first.targets[0].target)
    if not _WEIGHT.search(target):
        return None
    edits = Edits(source)
    for node in source.all(cst.Assign):
        if source.scope(node) is not source.scope(first) or not _WEIGHT.search(source.code(node.targets[0].target)):
            continue
        parts = _quotient(node.value)
        if parts is None:
            continue
        above, below, factor = (source.code(part) if part is not None else "" for part in parts)
        bare = re.fullmatch(r"[\w.]+(\(\))?|[\w.]+\([^()]*\)", below)
        below = below if bare else f"({below})"
        edits.replace(node.value, f"{below} / {_wrapped(above)}" + (f" / {factor}" if factor else ""))
    return edits


def _wrapped(code: str) -> str:
    return code if re.fullmatch(r"[\w.]+(\([^()]*\))?(\[[^\[\]]*\])?", code) else f"({code})"


def _quotient(value: cst.BaseExpression) -> tuple[cst.BaseExpression, cst.BaseExpression, cst.BaseExpression | None] | (
    None
):
    """(above, below, factor) of `a / b`, `c * a / b` and `a / b * c`, where neither is a plain number."""
    if not isinstance(value, cst.BinaryOperation):
        return None
    if isinstance(value.operator, cst.Multiply):
        for inner, factor in ((value.left, value.right), (value.right, value.left)):
            if number(factor) is not None and isinstance(inner, cst.BinaryOperation):
                parts = _quotient(inner)
                return (parts[0], parts[1], factor) if parts is not None and parts[2] is None else None
        return None
    if not isinstance(value.operator, cst.Divide) or number(value.left) is not None:
        return None
    return None if number(value.right) is not None else (value.left, value.right, None)


def _drawn(source: Source, case: Case) -> Edits | None:
    """What draws the batches from several parts, drawing from all alike."""
    for call in source.calls("sample_from_datasets"):
        weights = argument(call, "weights", 1)
        if weights is not None:
            value = source.followed(weights.value, source.line(call))
            if isinstance(value, cst.List) and len(value.elements) > 1:
                edits, count = Edits(source), len(value.elements)
                edits.replace(value, "[" + ", ".join([f"{1 / count:.3g}"] * count) + "]")
                return edits
    if source.path != case.location.path:
        return None
    for call in source.calls(line=case.location.line):
        for arg in call.args:
            if arg.keyword is not None and _SHARE.search(arg.keyword.value) and ".mean(" in source.code(arg.value):
                edits = Edits(source)
                edits.replace(arg.value, "0.5")
                return edits
    return None
