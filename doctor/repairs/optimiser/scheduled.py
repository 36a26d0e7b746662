"""How the learning rate changed while the script ran, and the functions that change it."""

from __future__ import annotations

import libcst as cst
import numpy as np

from doctor.repairs.base import Case
from doctor.repairs.source import Source, argument, last_name

#: A schedule that falls by less is meant to.
_FALL = 50.0


def fallen(case: Case) -> float | None:
    """By what a schedule divided the rate in the whole run; None where it hardly fell."""
    rates = case.view.recording.scalars(case.view.subject.key, "learning_rate").finite().values
    if len(rates) < 2 or float(rates.max()) <= 0:
        return None
    fall = float(rates.max()) / max(float(rates[-1]), 1e-30)
    return fall if fall >= _FALL else None


def changes(case: Case) -> int:
    """How often the rate was seen to change."""
    rates = case.view.recording.scalars(case.view.subject.key, "learning_rate").finite().values
    return int((np.diff(rates) != 0).sum())


def callback_function(case: Case) -> tuple[Source, cst.FunctionDef | cst.Lambda] | None:
    """The function of a LearningRateScheduler, with its file."""
    for source in case.sources():
        for call in source.calls("LearningRateScheduler"):
            given = argument(call, "schedule", 0)
            if given is None:
                continue
            value = source.followed(given.value, source.line(call))
            if isinstance(value, cst.Lambda):
                return source, value
            for other in case.sources():
                function = other.function(last_name(value))
                if function is not None:
                    return other, function
    return None


def returned_by_callback(case: Case) -> tuple[Source, cst.BaseExpression] | None:
    """What the function of a LearningRateScheduler returns last, or the value of the name that it returns."""
    found = callback_function(case)
    if found is None:
        return None
    source, function = found
    if isinstance(function, cst.Lambda):
        return source, function.body
    values = [one.value for one in source.inside(function, cst.Return) if one.value is not None]
    if not values:
        return None
    computed = [value for value in values if isinstance(value, cst.BinaryOperation)]
    value = (computed or values)[-1]
    return source, source.followed(value, source.line(value))
