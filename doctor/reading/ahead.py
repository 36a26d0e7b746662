"""Features of a time series that know what comes later."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Words of scripts that tell what comes from what was.
_FORECASTS = re.compile(
    r"horizon|forecast|look_?back|\blag(s|ged)?\b|\bwindows?\b|next[_ -]?(day|hour|week|step)|timeseries_dataset"
)
#: Tables of what a training did: smoothed for a picture.
_SHOWN = re.compile(r"hist|log|loss|metric|curve|result")


def looks_ahead(recording: Recording) -> Location | None:
    """Where a column is made by a window that is centred on its moment, in a script that forecasts; or None."""
    if not any(_FORECASTS.search(module.text.lower()) for module in modules(recording)):
        return None
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Assign) or not any(isinstance(one, ast.Subscript) for one in node.targets):
                continue
            if _SHOWN.search(ast.unparse(node.targets[0]).lower()):
                continue
            for call in ast.walk(node.value):
                if isinstance(call, ast.Call) and called(call) == "rolling":
                    centred = next((word.value for word in call.keywords if word.arg == "center"), None)
                    if isinstance(centred, ast.Constant) and centred.value is True:
                        return module.at(node.lineno)
    return None
