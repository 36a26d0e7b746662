"""Gradients that explode: clipped, or clipped in earnest, or kept small by orthogonal recurrent weights."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.optimisers import Asked, asked, made
from doctor.repairs.shared.rates import BY_NAME
from doctor.repairs.source import Source, argument, dotted, last_name, text

_CLIPS = ("clip_by_global_norm", "clip_by_norm", "clip_by_value")
#: Largest norms that are tried.
_NORMS = (1.0, 0.1)


class UsedClipping(Repair):
    """Applies the gradients that were clipped instead of those of before."""

    id = "used-clipping"
    faults = ("exploding-gradient",)
    rules = ("unused-clipping",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for call in source.calls(*_CLIPS):
                edits = self._of(source, call)
                if edits is not None:
                    yield self.patch("Apply the clipped gradients", edits)
                    return
        raise CannotWrite("where the clipped gradients belong is not seen")

    def _of(self, source: Source, call: cst.Call) -> Edits | None:
        given = argument(call, "t_list", 0) or argument(call, "t", 0)
        whole, names = call, dotted(given.value) if given is not None else ""
        around = next(iter(source.around(call)), None)
        if isinstance(around, (cst.ListComp, cst.GeneratorExp)):  # [tf.clip_by_norm(g, 1.0) for g in grads]
            names = dotted(around.for_in.iter)
        outer = source.statement(call)
        if not names or not isinstance(outer, cst.SimpleStatementLine):
            return None
        part = outer.body[0]
        edits = Edits(source)
        if isinstance(part, cst.Expr):
            several = last_name(whole.func) == "clip_by_global_norm"
            target = f"{names}, _" if several else names
            edits.replace_statement(outer, f"{target} = {source.code(part.value)}")
            return edits
        if not isinstance(part, cst.Assign):
            return None
        result = part.targets[0].target
        first: cst.CSTNode = result.elements[0].value if isinstance(result, cst.Tuple) else result
        clipped = dotted(first)
        if isinstance(part.value, cst.Call) and last_name(part.value.func) == "clip_by_global_norm" and not isinstance(
            result, cst.Tuple
        ):
            clipped = f"{clipped}[0]"
        scope = source.scope(call)
        named: list[cst.BaseExpression] = [*source.all(cst.Name), *source.all(cst.Attribute)]
        uses = [node for node in named
                if dotted(node) == names and source.scope(node) is scope and source.line(node) > source.line(call)]
        for node in uses:
            edits.replace(node, clipped)
        return edits if uses else None


class ClippedNorm(Repair):
    """Bounds the norm of the gradient: by the optimiser, or by hand after the gradient call."""

    id = "clipped-norm"
    faults = ("exploding-gradient",)
    rules = ("exploding-gradient",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for norm in _NORMS:
            yield self.patch(f"Clip the norm of the gradient to {norm:g}", clipped(case, norm), value=norm)


def clipped(case: Case, norm: float) -> Edits:
    """The edit that bounds the norm of the gradients.

    Raises:
        CannotWrite: neither an optimiser nor a gradient call is seen.
    """
    used = case.view.optimizer
    place = used.location if used is not None else None
    for source in case.sources():
        calls = made(source, place.line) if place is not None and place.path == source.path else []
        for call in calls or made(source):
            if "v1" in source.code(call.func) or ".train." in source.code(call.func) or _of_graph(source, call):
                return _minimised(source, norm)
            edits = Edits(source)
            edits.set_argument(call, "clipnorm", f"{norm:g}" if norm < 1 else f"{norm:.1f}")
            return edits
    if place is not None:
        source = case.at(place)
        for call in source.calls("compile", line=place.line):
            given = argument(call, "optimizer", 0)
            name = BY_NAME.get((text(given.value) or "").lower()) if given is not None else "RMSprop"
            if name is not None:
                edits = Edits(source)
                bounded = f"{edits.keras(f'optimizers.{name}')}(clipnorm={norm:.1f})"
                edits.set_argument(call, "optimizer", bounded, 0)
                return edits
    return _by_hand(next(asked(case), None), norm)


def _of_graph(source: Source, call: cst.Call) -> bool:
    return last_name(call.func).endswith("Optimizer") and bool(source.calls("minimize"))


def _by_hand(found: Asked | None, norm: float) -> Edits:
    """`grads, _ = tf.clip_by_global_norm(grads, 1.0)` after the gradient call."""
    if found is None:
        raise CannotWrite("neither an optimiser nor a gradient call is seen")
    edits = Edits(found.source)
    tf, target = edits.tensorflow(), found.target
    bound = f"{norm:g}" if norm < 1 else f"{norm:.1f}"
    if isinstance(target, (cst.Name, cst.Attribute)):
        name = found.source.code(target)
        edits.insert_after(found.call, f"{name}, _ = {tf}.clip_by_global_norm({name}, {bound})")
    elif isinstance(target, (cst.Tuple, cst.List)):
        names = ", ".join(found.source.code(one.value) for one in target.elements)
        edits.insert_after(found.call, f"({names}), _ = {tf}.clip_by_global_norm([{names}], {bound})")
    elif isinstance(found.variables, (cst.Name, cst.List, cst.Attribute, cst.BinaryOperation)):
        edits.wrap(found.call, f"{tf}.clip_by_global_norm(", f", {bound})[0]")
    else:
        raise CannotWrite("the gradients are no list")
    return edits


def _minimised(source: Source, norm: float) -> Edits:
    """An optimiser of tf.compat.v1: the gradients are computed, clipped and applied in three steps."""
    for call in source.calls("minimize"):
        outer = source.parent(call)
        loss = argument(call, "loss", 0)
        if not isinstance(call.func, cst.Attribute) or not isinstance(outer, cst.Assign) or loss is None:
            continue
        edits = Edits(source)
        tf, optimiser = edits.tensorflow(), source.code(call.func.value)
        before = [f"optimizer = {optimiser}"] if isinstance(call.func.value, cst.Call) else []
        name = "optimizer" if before else optimiser
        before += [
            f"gradients, clipped_variables = zip(*{name}.compute_gradients({source.code(loss.value)}))",
            f"gradients, _ = {tf}.clip_by_global_norm(gradients, {norm:g})",
        ]
        edits.insert_before(call, "\n".join(before))
        edits.replace(call, f"{name}.apply_gradients(zip(gradients, clipped_variables))")
        return edits
    raise CannotWrite("where the loss is minimised is not seen")


class OrthogonalRecurrence(Repair):
    """Draws the recurrent weights as an orthogonal matrix, which neither grows nor shrinks what it multiplies."""

    id = "orthogonal-recurrence"
    faults = ("exploding-gradient",)
    rules = ("exploding-gradient",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("orthogonal" in fix.code.lower() for fix in case.finding.fixes):
            return
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls(line=line):
            if argument(call, "recurrent_initializer") is not None or last_name(call.func) in (
                "LSTM", "GRU", "SimpleRNN", "LSTMCell", "GRUCell", "SimpleRNNCell"
            ):  # fmt: skip
                edits.set_argument(call, "recurrent_initializer", '"orthogonal"')
                yield self.patch("Start the recurrence from an orthogonal matrix", edits)
                return
            shape = argument(call, "shape", 0)
            if last_name(call.func) in ("normal", "uniform", "truncated_normal") and shape is not None:
                start = f"{edits.keras('initializers.Orthogonal')}()({source.code(shape.value)})"
                edits.replace(call, start)
                yield self.patch("Start the recurrence from an orthogonal matrix", edits)
                return
            if last_name(call.func) == "add_weight":
                edits.set_argument(call, "initializer", '"orthogonal"')
                yield self.patch("Start the recurrence from an orthogonal matrix", edits)
                return
        raise CannotWrite(f"how the recurrent weights are drawn does not stand on line {line}")


class TamerActivation(Repair):
    """Puts a ReLU in place of an activation that grows faster than what it is given."""

    id = "tamer-activation"
    faults = ("exploding-gradient",)
    rules = ("exploding-gradient",)

    _GROWING = ("exp", "square", "pow", "cosh", "sinh", "expm1")

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("relu" in fix.code for fix in case.finding.fixes):
            return
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls(line=line):
            given = argument(call, "activation")
            if given is not None:
                edits.replace(given.value, '"relu"')
                yield self.patch("Use a ReLU", edits)
                return
            if last_name(call.func) in self._GROWING and call.args:
                edits.replace(call, f"{edits.tensorflow()}.nn.relu({source.code(call.args[0].value)})")
                yield self.patch("Use a ReLU", edits)
                return
        for power in source.on(line, cst.BinaryOperation):
            if isinstance(power.operator, cst.Power):
                edits.replace(power, f"{edits.tensorflow()}.nn.relu({source.code(power.left)})")
                yield self.patch("Use a ReLU", edits)
                return
