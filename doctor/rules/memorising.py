"""Where a script that learns its rows by heart could hold it back."""

from __future__ import annotations

from doctor.findings import Fix
from doctor.reading.best import best_forgotten
from doctor.reading.loops import length_of_training
from doctor.reading.penalties import forgotten_penalties, turned_off
from doctor.rules.view import SubjectView
from doctor.types import Location


def place_to_hold_back(view: SubjectView) -> Location | None:
    """The line for a finding: where the best weights are kept, and are those of the last epoch; a penalty that is left
    out or set to 0; or the length of a hand-written training.

    None where `fit` trains and nothing such is found: the call of `fit` says how long.
    """
    place = best_forgotten(view.recording) or _without_penalties(view) or turned_off(view.recording)
    if place is None and not _fitted(view):
        place = length_of_training(view.recording, view.subject.location)
    return place


def penalty_fixes(view: SubjectView) -> tuple[Fix, ...]:
    """What to do where layers ask for penalties that no loss has, or where a penalty is set to 0."""
    place = _without_penalties(view)
    if place is not None:
        return (Fix("Add the penalties that the layers ask for: a loop of one's own has to do that by itself",
                    "loss = loss + tf.add_n(model.losses)", place),)  # fmt: skip
    off = turned_off(view.recording)
    return (Fix("Turn on the penalty that the script provides for: it is set to 0", "", off),) if off else ()


def _without_penalties(view: SubjectView) -> Location | None:
    """Where a loop makes its loss without the penalties of its layers; `fit` adds them by itself."""
    return None if _fitted(view) else forgotten_penalties(view.recording)


def _fitted(view: SubjectView) -> bool:
    return view.subject.attributes.get("style") == "fit"
