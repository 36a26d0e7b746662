"""Averages of the weights that an optimiser of Keras leaves in the model."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from doctor.reading.source import modules, nodes
from doctor.reading.values import chosen
from doctor.recording import Recording
from doctor.types import Location

#: Of Keras, where none is given.
_MOMENTUM = 0.99


@dataclass(frozen=True)
class Averaged:
    """An optimiser with `use_ema=True`.

    Attributes:
        location: where its momentum was chosen, or the optimiser was made.
        momentum: share of the average that a step keeps.
    """

    location: Location
    momentum: float


def averaged_by_the_optimiser(recording: Recording) -> Averaged | None:
    """The optimiser of the script that averages the weights, None where there is none."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Call):
                continue
            words = {word.arg: word.value for word in node.keywords if word.arg}
            used = words.get("use_ema")
            if not isinstance(used, ast.Constant) or not used.value:
                continue
            given = words.get("ema_momentum")
            place = chosen(recording, module, given) if given is not None else module.at(used.lineno)
            momentum = given.value if isinstance(given, ast.Constant) else None
            number = float(momentum) if isinstance(momentum, (int, float)) else _MOMENTUM
            return Averaged(place or module.at(used.lineno), number)
    return None
