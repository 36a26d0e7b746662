"""Where a script gives classes their numbers."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: What classes are counted over: names of classes, the keys of a table of them, the values that occur.
_CLASSES = re.compile(
    r"class|label|categor|kind|species|name|\.keys\(\)|unique\(|\bset\(|listdir|iterdir", re.IGNORECASE
)
#: Calls that number what occurs by themselves.
_NUMBERING = frozenset({"factorize", "fit_transform", "LabelEncoder", "StringLookup"})


def numbered_at(recording: Recording) -> Location | None:
    """The first line that counts classes, `for number, name in enumerate(names)`, or has them numbered; or None."""
    for module in modules(recording):
        counted = [
            one.iter
            for node in nodes(module.tree)
            for one in ([node] if isinstance(node, ast.For) else getattr(node, "generators", ()))
        ]
        lines = [
            one.lineno for one in counted
            if isinstance(one, ast.Call) and called(one) == "enumerate" and one.args
            and _CLASSES.search(ast.unparse(one.args[0]))
        ]  # fmt: skip
        lines += [node.lineno for node in nodes(module.tree)
                  if isinstance(node, ast.Call) and called(node) in _NUMBERING]  # fmt: skip
        if lines:
            return module.at(min(lines))
    return None
