"""Averages of the weights that an optimiser of Keras leaves in the model."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from doctor.reading.given import calls
from doctor.reading.values import value_chosen
from doctor.recording import Recording
from doctor.types import Location

#: Of Keras, where none is given.
_MOMENTUM = 0.99


@dataclass(frozen=True)
class Averaged:
    """An optimiser with `use_ema=True`.

    Attributes:
        location: where its momentum was chosen, or the optimiser was made.
        momentum: share of the average that a step keeps; None where it is computed.
    """

    location: Location
    momentum: float | None


def averaged_by_the_optimiser(recording: Recording) -> Averaged | None:
    """The optimiser of the script that averages the weights, None where there is none."""
    for module, call in calls(recording):
        words = {word.arg: word.value for word in call.keywords if word.arg}
        used = words.get("use_ema")
        if not isinstance(used, ast.Constant) or not used.value:
            continue
        momentum = words.get("ema_momentum")
        if momentum is None:
            return Averaged(module.at(used.lineno), _MOMENTUM)
        return Averaged(*value_chosen(recording, module, momentum))
    return None
