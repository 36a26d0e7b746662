"""Where the script turns words into numbers."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_ENCODES = re.compile(r"encode|tokeni[sz]e|texts_to|vectori[sz]e|lookup|word_index|to_ids|numericali[sz]e", re.I)


def encoded_at(recording: Recording) -> Location | None:
    """The first assignment of what a call makes whose name says that it numbers words; None without any."""
    for module in modules(recording):
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(one, ast.Call) and _ENCODES.search(called(one)) for one in ast.walk(node.value))
        ]
        if lines:
            return module.at(min(lines))
    return None
