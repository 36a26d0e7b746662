"""Which way a figure that is watched is said to be better."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.source import modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_SMALLER = re.compile(r"(^|_)(loss|error|err|mse|mae|rmse|mape|perplexity|cross_?entropy)$", re.IGNORECASE)
_LARGER = re.compile(r"(^|_)(acc|accuracy|auc|precision|recall|f1|f1_score|iou|dice|r2)$", re.IGNORECASE)


def turned_directions(recording: Recording) -> Iterator[tuple[Location, str, str, str]]:
    """Calls that watch a loss with mode "max", or an accuracy with "min": (line, what is called, figure, mode)."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Call):
                continue
            mode = next((word.value for word in node.keywords if word.arg == "mode"), None)
            given = [*node.args[:2], *(word.value for word in node.keywords if word.arg in ("monitor", "metric"))]
            names = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if not isinstance(mode, ast.Constant) or not names:
                continue
            for name in names:
                if mode.value == "max" and _SMALLER.search(name) or mode.value == "min" and _LARGER.search(name):
                    yield module.at(mode.lineno), ast.unparse(node.func).rpartition(".")[2], name, str(mode.value)
