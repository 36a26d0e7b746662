"""Regression targets brought to unit scale, and predictions back to that of the targets."""

from __future__ import annotations

from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.data.array_changes import change_all
from doctor.repairs.data.arrays import Held, held, one_scope
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.input_scale import training_rows
from doctor.repairs.data.pipelines import holders
from doctor.repairs.data.places import fresh, insert, names_in, place_of
from doctor.repairs.source import Source, dotted, last_name

#: Calls of a model that are handed targets.
_TAKING = ("fit", "evaluate", "from_tensor_slices", "train_on_batch", "test_on_batch", "Dataset")


class TargetScale(Repair):
    """Standardises the targets by mean and spread of the training rows.

    Where `fit` is handed them and the script predicts, that is written at the call, and undone for predictions;
    else the variables that hold the targets are changed.
    """

    id = "standard-targets"
    faults = ("target-scale",)

    def patches(self, case: Case) -> Iterator[Patch]:
        targets = [one for one in held(case, "y", "y_val") if _far(case, one)]
        if any(one.training for one in targets):
            handed = _where_handed(case, targets)
            if handed is not None:
                yield self.patch("Standardise the targets that fit is given, and undo it for predictions", handed)
            changed = _where_made(targets)
            if changed is not None:
                yield self.patch("Standardise the targets with mean and spread of the training rows", changed)
            if handed is None and changed is None:
                raise CannotWrite("training and held-out targets are held in different functions")
            return
        piped = _in_pipeline(case)
        if piped is None:
            raise CannotWrite("no variable holds the targets")
        yield self.patch("Standardise the targets with mean and spread of the training data", piped)


def _far(case: Case, one: Held) -> bool:
    """Whether an array is of the size that the rule found too large, where there are several kinds of targets."""
    size = next((fact.observed for fact in case.finding.evidence if fact.series.endswith("/rms")), None)
    mean, spread = one.site.attributes.get("mean"), one.site.attributes.get("std")
    if size is None or mean is None or spread is None:
        return True
    return bool(0.2 < float((mean**2 + spread**2) ** 0.5) / size < 5.0)


def _statistics(one: Held) -> str:
    rows = training_rows(one)
    several = len(one.site.attributes.get("shape") or ()) > 1 and list(one.site.attributes["shape"])[-1] > 1
    axis = "axis=0" if several else ""
    return f"{rows}.mean({axis}), {rows}.std({axis})"


def _where_made(targets: Sequence[Held]) -> Edits | None:
    if not one_scope(targets):
        return None
    first = next(one for one in targets if one.training)
    edits = Edits(first.source)
    mean, std = fresh(first.source, "y_mean", "y_std")
    rows = training_rows(first)
    within = _given_in_loop(first)
    statistics = _statistics(first) if not within else f"{first.name}.mean(), {first.name}.std()"
    change_all(
        edits, targets, f"{mean}, {std} = {statistics}", set() if within else names_in(rows),
        lambda name: f"({name} - {mean}) / {std}",
    )  # fmt: skip
    return edits


def _given_in_loop(one: Held) -> bool:
    """Whether the training rows are chosen anew in each pass of a loop, as those of a fold are."""
    chosen = names_in(one.rows and f"x{one.rows}") - {"x"}
    loops = [node for node in one.source.around(one.use) if isinstance(node, cst.For)]
    return any(names_in(one.source.code(loop.target)) & chosen for loop in loops)


def _where_handed(case: Case, targets: Sequence[Held]) -> Edits | None:
    """The targets standardised in the calls of the model, its predictions undone; None where it does not predict."""
    source = targets[0].source
    calls = {call for one in targets if (call := _taking(one.source, one.use)) is not None}
    if len({one.source.path for one in targets}) > 1 or not all(_taking(source, one.use) for one in targets):
        return None
    if any(last_name(call.func) in ("from_tensor_slices", "Dataset") for call in calls):
        return None
    first = next(one for one in targets if one.training)
    scope = source.scope(first.use)
    predictions = [call for call in source.calls("predict") if source.line(call) > source.line(first.use)]
    if not predictions or any(source.scope(node) is not scope for node in (*predictions, *(o.use for o in targets))):
        return None
    if any(_in_parts(source, call) for call in predictions) or any(_keyed(source, one.use) for one in targets):
        return None
    edits = Edits(source)
    mean, std = fresh(source, "y_mean", "y_std")
    fit = _taking(source, first.use)
    assert fit is not None
    edits.insert_before(fit, f"{mean}, {std} = {_statistics(first)}")
    for one in targets:
        edits.replace(one.use, f"({source.code(one.use)} - {mean}) / {std}")
    for call in predictions:
        _undo(edits, call, mean, std)
    return edits


def _taking(source: Source, node: cst.CSTNode) -> cst.Call | None:
    """The call of the model that an expression is an argument of."""
    calls = [one for one in source.around(node) if isinstance(one, cst.Call)]
    return next((one for one in calls if last_name(one.func) in _TAKING), None)


def _in_parts(source: Source, call: cst.Call) -> bool:
    """Whether a prediction is taken apart, as that of a model with several outputs."""
    around = source.parent(call)
    if isinstance(around, cst.Assign):
        target = around.targets[0].target
        if isinstance(target, cst.Name):
            return any(isinstance(node.slice[0].slice, cst.Index)
                       and isinstance(node.slice[0].slice.value, cst.SimpleString)
                       for node in source.all(cst.Subscript)
                       if dotted(node.value) == target.value)  # fmt: skip
        return not isinstance(target, cst.Subscript)
    return False


def _keyed(source: Source, use: cst.CSTNode) -> bool:
    """Whether targets are one entry of a dict or list of targets."""
    return any(isinstance(one, (cst.Dict, cst.List)) for one in _up_to_call(source, use))


def _up_to_call(source: Source, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for one in source.around(node):
        if isinstance(one, cst.Call) and last_name(one.func) in _TAKING:
            return
        yield one


def _undo(edits: Edits, call: cst.Call, mean: str, std: str) -> None:
    """Bring a prediction back to the scale of the targets."""
    node: cst.CSTNode = call
    source = edits.source
    while True:  # net.predict(x)[:, 0], net.predict(x).ravel()
        around = source.parent(node)
        if isinstance(around, cst.Subscript) and around.value is node:
            node = around
        elif isinstance(around, cst.Attribute) and around.value is node:
            node = around
        elif isinstance(around, cst.Call) and around.func is node:
            node = around
        else:
            break
    edits.replace(node, f"{source.code(node)} * {std} + {mean}")


def _in_pipeline(case: Case) -> Edits | None:
    """The targets of all pipelines normalised by figures of the training pipeline."""
    found = holders(case)
    first = next((one for one in found if one.training), None)
    if first is None or not one_scope(found):
        return None
    edits = Edits(first.source)
    (norm,) = fresh(first.source, "normalize_target")
    lines = [f"{norm} = {edits.keras('layers.Normalization')}(axis=None)",
             f"{norm}.adapt({first.name}.map(lambda x, y: y))"]  # fmt: skip
    lines += [f"{name} = {name}.map(lambda x, y: (x, {norm}(y)))" for name in dict.fromkeys(one.name for one in found)]
    insert(edits, place_of(first.source, first.scope, {one.root for one in found}, [one.use for one in found]),
           "\n".join(lines))  # fmt: skip
    return edits
