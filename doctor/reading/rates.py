"""Numbers that an optimiser is given in each other's place."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_OPTIMIZERS = frozenset({
    "SGD", "Adam", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "RMSprop", "Ftrl", "Lion", "Lamb", "Adafactor",
    "AdamOptimizer", "MomentumOptimizer", "GradientDescentOptimizer", "RMSPropOptimizer", "AdagradOptimizer",
})  # fmt: skip
_RATE = re.compile(r"(^|[_.])(lr|rate|eta|learning_rate|step_size)$", re.IGNORECASE)
_OTHER = re.compile(r"decay|momentum|(^|[_.])(wd|eps|epsilon|clip\w*|rho|beta_?\d?)$", re.IGNORECASE)


def misplaced_rate(recording: Recording) -> tuple[Location, str] | None:
    """(line, what stands there) where an optimiser is given something else first, by its name, and the rate later."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Call) or called(node) not in _OPTIMIZERS or len(node.args) < 2:
                continue
            first, *others = (ast.unparse(one) for one in node.args)
            if _OTHER.search(first) and not _RATE.search(first) and any(_RATE.search(one) for one in others):
                return module.at(node.lineno), first
    return None
