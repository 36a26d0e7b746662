"""Callbacks of `fit` that wait for a figure to get better, and take worse for better."""

from __future__ import annotations

from doctor.reading.directions import Turned, turned_directions
from doctor.rules.view import SubjectView


def turned(view: SubjectView, name: str) -> Turned | None:
    """A callback of the class `name` that is in use with the wrong mode, or None."""
    used = [one.get("class") for fit in view.sites("fit") for one in fit.attributes.get("callbacks") or ()]
    return next((one for one in turned_directions(view.recording) if one.name == name), None) if name in used else None
