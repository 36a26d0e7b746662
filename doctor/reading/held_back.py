"""What keeps an optimiser's steps small although its rate is not: a large epsilon, gradients clipped to nothing."""

from __future__ import annotations

from doctor.reading.given import Given, calls, given, numbers_given
from doctor.reading.rates import OPTIMISERS
from doctor.reading.source import called
from doctor.recording import Recording

#: Arguments of optimisers that bound the gradient.
_BOUNDS = ("clipnorm", "global_clipnorm", "clipvalue")
#: Functions that bound it: places of what may be the bound.
_CLIPS = {"clip_by_norm": (1,), "clip_by_global_norm": (1,), "clip_by_value": (2,), "clip_by_average_norm": (1,)}
_NAMES = ("clip_norm", "clip_value_max")


def large_epsilon(recording: Recording, smallest: float) -> Given | None:
    """An optimiser's epsilon of at least `smallest`."""
    for one in numbers_given(recording, "epsilon"):
        if called(one.call) in OPTIMISERS and one.value >= smallest:
            return one
    return None


def tight_bound(recording: Recording) -> Given | None:
    """The smallest bound that gradients are clipped to; None where none is written out as a number."""
    found: list[Given | None] = [*numbers_given(recording, *_BOUNDS)]
    found += [one for one in numbers_given(recording, *_NAMES) if called(one.call) in _CLIPS]
    for module, call in calls(recording):
        name = called(call)
        for place in _CLIPS.get(name, ()):
            if len(call.args) > place:
                found.append(given(recording, module, call, name, call.args[place]))
    return min((one for one in found if one is not None and one.value > 0), key=lambda one: one.value, default=None)
