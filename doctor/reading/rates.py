"""Numbers that an optimiser is given in each other's place."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location

OPTIMISERS = frozenset({
    "SGD", "Adam", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "RMSprop", "Ftrl", "Lion", "Lamb", "Adafactor",
    "AdamOptimizer", "MomentumOptimizer", "GradientDescentOptimizer", "RMSPropOptimizer", "AdagradOptimizer",
})  # fmt: skip
_RATE = re.compile(r"(^|[_.])(lr|rate|eta|learning_rate|step_size)$", re.IGNORECASE)
_OTHER = re.compile(r"decay|momentum|(^|[_.])(wd|eps|epsilon|clip\w*|rho|beta_?\d?)$", re.IGNORECASE)
_SCHEDULE = re.compile(r"schedule|cosine|exponential|polynomial|piecewise|warm|lr|learning", re.IGNORECASE)


def misplaced_rate(recording: Recording, place: Location | None) -> str | None:
    """What an optimiser that is made at a line is given first, by its name no rate, where one is given later."""
    module = module_of(recording, place)
    if module is None or place is None:
        return None
    own = {node.name for node in nodes(module.tree) if isinstance(node, ast.ClassDef)}
    for node in nodes(module.tree):
        if not isinstance(node, ast.Call) or called(node) not in OPTIMISERS - own or len(node.args) < 2:
            continue
        if not node.lineno <= place.line <= (node.end_lineno or node.lineno):
            continue
        first, *others = (ast.unparse(one) for one in node.args)
        named = isinstance(node.args[0], (ast.Name, ast.Attribute)) and not _SCHEDULE.search(first)
        later = any(_RATE.search(one) and not _OTHER.search(one) for one in others)
        if named and later and _OTHER.search(first) and not _RATE.search(first):
            return first
    return None
