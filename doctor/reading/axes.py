"""Axes that calls of the script are given."""

from __future__ import annotations

import ast

from doctor.reading.source import called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location


def softmax_over_first_axis(recording: Recording, place: Location | None) -> Location | None:
    """Where a statement that goes over a line takes a softmax with `axis=0`; None where it takes none."""
    module = module_of(recording, place)
    if module is None or place is None:
        return None
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and called(node).lower() == "softmax" and node.lineno == place.line:
            axis = next((word.value for word in node.keywords if word.arg in ("axis", "dim")), None)
            if isinstance(axis, ast.Constant) and axis.value == 0 and not isinstance(axis.value, bool):
                return module.at(node.lineno)
    return None
