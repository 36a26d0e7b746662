"""What keeps an optimiser's steps small although its rate is not: a large epsilon, gradients clipped to nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from doctor.reading.rates import OPTIMISERS
from doctor.reading.source import Module, called, modules, nodes
from doctor.reading.values import value_chosen
from doctor.recording import Recording
from doctor.types import Location

#: Arguments of optimisers that bound the gradient.
_BOUNDS = ("clipnorm", "global_clipnorm", "clipvalue")
#: Functions that bound it: places of what may be the bound.
_CLIPS = {"clip_by_norm": (1,), "clip_by_global_norm": (1,), "clip_by_value": (2,), "clip_by_average_norm": (1,)}
_NAMES = ("clip_norm", "clip_value_max")


@dataclass(frozen=True)
class HeldBack:
    """One such number.

    Attributes:
        location: where it was chosen.
        word: the argument, or the function that takes it.
        value: the number.
    """

    location: Location
    word: str
    value: float


def large_epsilon(recording: Recording, smallest: float) -> HeldBack | None:
    """An optimiser's epsilon of at least `smallest`."""
    for module, call in _calls(recording):
        if called(call) in OPTIMISERS:
            for word in call.keywords:
                if word.arg == "epsilon":
                    found = _number(recording, module, word.value, "epsilon")
                    if found is not None and found.value >= smallest:
                        return found
    return None


def tight_bound(recording: Recording) -> HeldBack | None:
    """The smallest bound that gradients are clipped to; None where none is written out as a number."""
    found: list[HeldBack | None] = []
    for module, call in _calls(recording):
        name = called(call)
        for word in call.keywords:
            if word.arg in _BOUNDS or name in _CLIPS and word.arg in _NAMES:
                found.append(_number(recording, module, word.value, str(word.arg)))
        for place in _CLIPS.get(name, ()):
            if len(call.args) > place:
                found.append(_number(recording, module, call.args[place], name))
    return min((one for one in found if one is not None and one.value > 0), key=lambda one: one.value, default=None)


def _calls(recording: Recording) -> list[tuple[Module, ast.Call]]:
    return [(module, node) for module in modules(recording) for node in nodes(module.tree)
            if isinstance(node, ast.Call)]  # fmt: skip


def _number(recording: Recording, module: Module, value: ast.expr, word: str) -> HeldBack | None:
    location, chosen = value_chosen(recording, module, value)
    return HeldBack(location, word, chosen) if chosen is not None else None
