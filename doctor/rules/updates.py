"""How far an update moves the weights, measured the same way for too high and too low rates."""

from __future__ import annotations

import ast

import numpy as np

from doctor.reading.idioms import returned_at
from doctor.reading.source import Module, called, module_of, modules, nodes
from doctor.reading.values import argument, number_chosen
from doctor.recording import Recording
from doctor.rules.view import SubjectView, reference_std
from doctor.types import Location, Series


def update_ratios(view: SubjectView, *, sound: bool = True) -> Series:
    """Per observed step the largest rms(update) / rms(weight) over the kernels.

    Of a failing model that is made of tables alone (factors of users and articles) the tables tell. Those of a model
    that learns grow from nearly nothing.
    The denominator is at least the standard deviation that He or Glorot would draw: weights
    that start near zero, as many last layers do, must be allowed to grow quickly.
    """
    best: dict[int, float] = {}
    tables = [site for site in view.variables if len(site.attributes.get("shape") or ()) == 2]
    for kernel in view.kernels or (tables if view.judgement.failing else []):
        update = view.series("update", kernel, "norm", sound=sound)
        weight = view.series("weight", kernel, "norm", sound=sound)
        size = view.series("update", kernel, "size", sound=sound).values
        if not len(update) or not len(size) or size[0] <= 0:
            continue
        root = float(np.sqrt(size[0]))
        floor = reference_std(kernel) or 0.0
        known = dict(zip(weight.steps.tolist(), weight.values.tolist()))
        for step, norm in zip(update.steps.tolist(), update.values.tolist()):
            below = max(known.get(step, 0.0) / root, floor)
            if below > 0 and np.isfinite(norm):
                best[step] = max(best.get(step, 0.0), norm / root / below)
    steps = sorted(best)
    return Series(
        "update over weight", np.asarray(steps, dtype=np.int64), np.asarray([best[s] for s in steps], dtype=float)
    )


def norm_changes(view: SubjectView) -> Series:
    """Where the updates themselves were not observed, the least that they can have been.

    Per pair of observed steps in a row the largest change of a kernel's norm over that norm.
    """
    best: dict[int, float] = {}
    for kernel in view.kernels:
        norm = view.series("weight", kernel, "norm")
        known = dict(zip(norm.steps.tolist(), norm.values.tolist()))
        for step, before in known.items():
            after = known.get(step + 1)
            if after is not None and before > 0 and np.isfinite(after):
                best[step] = max(best.get(step, 0.0), abs(after - before) / before)
    steps = sorted(best)
    return Series(
        "change of the norm over weight", np.asarray(steps, dtype=np.int64), np.asarray([best[one] for one in steps])
    )


def learning_rate(view: SubjectView) -> float | None:
    """The rate in use: as scheduled, as configured, or as plain SGD shows it, |update| / |gradient|."""
    scheduled = view.recording.scalars(view.subject.key, "learning_rate").finite()
    if len(scheduled):
        return float(scheduled.values[0])
    configured = view.optimizer.attributes.get("learning_rate") if view.optimizer is not None else None
    if isinstance(configured, (int, float)):
        return float(configured)
    rates = []
    for kernel in view.kernels:
        update, gradient = view.series("update", kernel, "norm"), view.series("gradient", kernel, "norm")
        known = dict(zip(gradient.steps.tolist(), gradient.values.tolist()))
        rates += [u / known[s] for s, u in zip(update.steps.tolist(), update.values.tolist()) if known.get(s, 0.0) > 0]
    if not rates or max(rates) == 0 or max(rates) > 1.1 * min(rates):
        return None  # no plain SGD (the ratio is no constant), or nothing was applied at all
    return float(f"{np.median(rates):.3g}")


def raised_rate(view: SubjectView, step: int) -> float | None:
    """The rate of a schedule at a step, where that is at least twice the first one; else None."""
    rates = view.recording.scalars(view.subject.key, "learning_rate").finite()
    until = rates.values[rates.steps <= step]
    return float(until[-1]) if len(until) and float(until[-1]) >= 2 * float(rates.values[0]) > 0 else None


def learning_rate_line(view: SubjectView) -> Location | None:
    """The optimiser's line; for updates by hand the line where their factor is set, else the update's."""
    if view.optimizer is not None and view.optimizer.location is not None:
        schedule = returned_at(view.recording, view.optimizer.attributes.get("schedule"))
        if schedule is not None:
            return schedule  # the script's own says by itself how large the rate is
        name = str(view.optimizer.attributes.get("class") or "")
        return _first_rate(view.recording, argument(view.recording, view.optimizer.location, ("learning_rate", "lr"), 0,
                                                    name))  # fmt: skip
    return next(filter(None, (_factor(view.recording, one) for one in modules(view.recording))), view.subject.location)


def _first_rate(recording: Recording, place: Location | None) -> Location | None:
    """Of one of Keras's schedules that is written over several lines, the one of its first rate."""
    module = module_of(recording, place)
    for node in nodes(module.tree) if module is not None and place is not None else ():
        if isinstance(node, ast.Call) and module is not None and place is not None and node.lineno == place.line:
            if called(node).endswith(("Decay", "DecayRestarts")):
                given = [word.value for word in node.keywords if word.arg in ("initial_learning_rate", "values")]
                return module.at(given[0].lineno) if given else place
    return place


def _factor(recording: Recording, module: Module) -> Location | None:
    """Where the factor of the first update by hand is set."""
    calls = [node for node in nodes(module.tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: node.lineno):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("assign_sub", "assign_add", "assign"):
            continue
        for part in ast.walk(call):
            if not isinstance(part, ast.BinOp) or not isinstance(part.op, ast.Mult):
                continue
            if ast.unparse(call.func.value) in (ast.unparse(part.left), ast.unparse(part.right)):
                continue  # what is kept of the value before, as of a speed: `v.assign(momentum * v - rate * g)`
            for side in (part.left, part.right):
                found = number_chosen(recording, module, side)
                if found is not None:
                    return found
    return None
