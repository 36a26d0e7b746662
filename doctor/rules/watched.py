"""Callbacks of `fit` that wait for a figure to get better, and take worse for better."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.rules.view import SubjectView
from doctor.types import Location

#: Figures that are the better the smaller, and the larger, they are.
_SMALL = re.compile(r"loss|error|mse|mae|rmse|mape|msle|perplexity", re.I)
_LARGE = re.compile(r"acc|auc|precision|recall|f1|iou|dice|r2|hit|ndcg|cosine_similarity", re.I)


@dataclass(frozen=True)
class Turned:
    """A callback with a mode that does not suit what it watches.

    Attributes:
        monitor, mode: as the script writes them.
        location: of the mode.
    """

    monitor: str
    mode: str
    location: Location


def turned(view: SubjectView, name: str) -> Turned | None:
    """A callback of the class `name` that is in use with the wrong mode, or None."""
    used = [one.get("class") for fit in view.sites("fit") for one in fit.attributes.get("callbacks") or ()]
    return wrong_mode(view.recording, name) if name in used else None


def wrong_mode(recording: Recording, name: str) -> Turned | None:
    """The first call of the class `name` whose `monitor` is to be small and `mode` "max", or the other way round."""
    for module in modules(recording):
        for call in nodes(module.tree):
            if not isinstance(call, ast.Call) or called(call) != name:
                continue
            words = {word.arg: word.value for word in call.keywords if isinstance(word.value, ast.Constant)}
            monitor, mode = (str(words[key].value) if key in words else "" for key in ("monitor", "mode"))
            if call.args and isinstance(call.args[0], ast.Constant):
                monitor = monitor or str(call.args[0].value)
            monitor = monitor or "val_loss"
            small, large = _SMALL.search(monitor) is not None, _LARGE.search(monitor) is not None
            if small != large and mode == ("max" if small else "min"):
                return Turned(monitor, mode, module.at(words["mode"].lineno))
    return None
