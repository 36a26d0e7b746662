"""Weights of classes: where the script sets them, and where it computes those that `fit` is given."""

from __future__ import annotations

import ast
import re

from doctor.reading.chains import Step, history
from doctor.reading.source import modules, nodes
from doctor.reading.step_kinds import divides
from doctor.reading.values import given
from doctor.recording import Recording
from doctor.types import Location

#: How people call the weights of classes in a loss of their own.
_CLASS_WEIGHTS = re.compile(
    r"(^|_)(pos|class|neg)_?weights?|weights?_(for_\d|(for_)?(pos|neg|class))|^w_?(pos|neg)$", re.IGNORECASE
)


def class_weights_at(recording: Recording) -> Location | None:
    """The first line that sets a weight of a class, by its name; else None."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Assign) and any(
                isinstance(part, ast.Name) and _CLASS_WEIGHTS.search(part.id) for part in node.targets
            ):
                return module.at(node.lineno)
    return None


def weights_made_at(recording: Recording, fit: Location | None) -> Location | None:
    """The line that computes the `class_weight` of a call of fit: where it divides, else the first on the way back.

    None where it stands in the call itself.
    """
    found = given(recording, fit, ("class_weight",))
    if found is None or fit is None or isinstance(found[1], ast.Dict):
        return None
    steps = list(history(recording, ast.unparse(found[1]), fit))
    for step in list(steps):
        # `{name: weight for name, weight in enumerate(weights)}`: what is made of goes on in what is run through.
        if isinstance(step.value, ast.DictComp):
            runs = step.value.generators[0].iter
            names = [part.id for part in ast.walk(runs) if isinstance(part, ast.Name)]
            within = step.module.at(step.line)
            steps += [one for name in names for one in history(recording, name, within)]
    chosen: Step | None = next((one for one in steps if divides(one)), steps[0] if steps else None)
    return chosen.module.at(chosen.line) if chosen is not None else None
