"""Which way a figure that is watched is said to be better."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Iterator

from doctor.reading.source import called, modules, nodes
from doctor.reading.values import chosen
from doctor.recording import Recording
from doctor.types import Location

#: Figures that are the better the smaller, and the larger, they are.
_SMALL = re.compile(r"(^|_)(loss|\w*error|err|mse|mae|rmse|mape|msle|perplexity|\w*cross_?entropy)$", re.I)
_LARGE = re.compile(
    r"(^|_)(acc|\w*accuracy|auc|prc|precision|recall|f1|f1_score|iou|\w*_iou|dice\w*|r2|hits?|ndcg|cosine_similarity)$",
    re.I,
)
#: Figures whose direction is turned on purpose: minus an error, how well a domain is told.
_TURNED = re.compile(r"neg|inv|minus|adv|domain|(^|_)d_", re.I)
#: Callbacks of Keras, and what they watch where they are not told.
_DEFAULT = {"EarlyStopping": "val_loss", "ReduceLROnPlateau": "val_loss", "ModelCheckpoint": "val_loss"}


def better(monitor: str, mode: str) -> int:
    """1 where a figure is the better the larger it is, -1 the smaller; 0 where neither mode nor name tell."""
    if mode in ("min", "max"):
        return 1 if mode == "max" else -1
    if _TURNED.search(monitor):
        return 0
    return -1 if _SMALL.search(monitor) else 1 if _LARGE.search(monitor) else 0


@dataclass(frozen=True)
class Turned:
    """A call with a mode that does not suit the figure that it watches.

    Attributes:
        name: of what is called.
        monitor, mode: as the script writes them.
        location: of the mode.
    """

    name: str
    monitor: str
    mode: str
    location: Location


def turned_directions(recording: Recording) -> Iterator[Turned]:
    """Calls that watch a loss with mode "max", or an accuracy with "min": of callbacks of Keras and of the script's."""
    for module in modules(recording):
        for node in nodes(module.tree):
            mode = next((word.value for word in node.keywords if word.arg == "mode"), None) if isinstance(
                node, ast.Call
            ) else None  # fmt: skip
            if not isinstance(node, ast.Call) or not isinstance(mode, ast.Constant):
                continue
            given = [word.value for word in node.keywords if word.arg in ("monitor", "metric")] or node.args[:1]
            names = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            names = names or [_DEFAULT[called(node)]] if called(node) in _DEFAULT else names
            for monitor in (one for one in names if not _TURNED.search(one)):
                if mode.value == "max" and _SMALL.search(monitor) or mode.value == "min" and _LARGE.search(monitor):
                    yield Turned(called(node), monitor, str(mode.value), module.at(mode.lineno))


def told_at(recording: Recording, callback: str, argument: str) -> Location | None:
    """Where the value was chosen that calls of a callback are given as `argument`; None unless it is one place."""
    places = {
        chosen(recording, module, word.value)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, ast.Call) and called(node) == callback
        for word in node.keywords
        if word.arg == argument
    }
    return places.pop() if len(places) == 1 else None
