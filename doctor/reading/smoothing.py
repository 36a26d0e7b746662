"""Label smoothing that the script asks for."""

from __future__ import annotations

import ast

from doctor.reading.source import modules, nodes
from doctor.reading.values import value_chosen
from doctor.recording import Recording
from doctor.types import Location


def label_smoothing(recording: Recording) -> tuple[Location, float] | None:
    """Where `label_smoothing` of a loss was chosen, and its value; None where none is written as a number."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call):
                for word in node.keywords:
                    if word.arg == "label_smoothing":
                        place, value = value_chosen(recording, module, word.value)
                        if value is not None:
                            return place, value
    return None
