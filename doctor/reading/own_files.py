"""Data that was read from a file of its own."""

from __future__ import annotations

import ast

from doctor.reading.chains import Step, history_of, reads
from doctor.recording import Recording
from doctor.types import Location, Site


def read_alone(recording: Recording, array: Site | None, other: Site | None) -> Location | None:
    """The line that reads `array` from a file, where `other` is read by another line; else None."""
    own, others = ([_place(step) for step in history_of(recording, one, sources=True) if _reads(step)]
                   for one in (array, other))  # fmt: skip
    if not own or not others or own[-1] in others:
        return None
    return own[-1]


def _place(step: Step) -> Location:
    """Where the script says which file it is: the call of the function that reads, where that is the script's own."""
    return step.called_at or step.module.at(step.line)


def _reads(step: Step) -> bool:
    return any(isinstance(node, ast.Call) and reads(node) for node in ast.walk(step.value))
