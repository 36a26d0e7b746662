"""Where the script turns words into numbers."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_ENCODES = re.compile(r"encode|tokeni[sz]e|texts_to|vectori[sz]e|lookup|word_index|to_ids|numericali[sz]e", re.I)

_STRIPPING = ("strip", "rstrip", "split", "splitlines", "removesuffix")


def encoded_at(recording: Recording) -> Location | None:
    """Where a word is looked up; else the first assignment of what a call makes whose name says so; else None."""
    asked = _looked_up(recording)
    for module in modules(recording) if asked is None else ():
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(one, ast.Call) and _ENCODES.search(called(one)) for one in ast.walk(node.value))
        ]
        if lines:
            return module.at(min(lines))
    return asked


def unstripped_at(recording: Recording) -> Location | None:
    """Where lines of a file are taken for words as they are, with the end of the line in each; or None.

    `readlines()` keeps it, in a function that strips nothing and makes a dictionary of what it read.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            reads = [node for node in calls if called(node) == "readlines"]
            keyed = any(called(node) == "dict" for node in calls) or any(
                isinstance(node, (ast.DictComp, ast.Dict)) for node in ast.walk(function)
            )
            if reads and keyed and not any(called(node) in _STRIPPING for node in calls):
                return module.at(reads[0].lineno)
    return None


def _looked_up(recording: Recording) -> Location | None:
    """The only line that asks a dictionary for each word with another number where it has none: `v.get(w, v[...])`."""
    found = [
        module.at(node.lineno)
        for module in modules(recording)
        for node in nodes(module.tree)
        if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp))
        and isinstance(node.elt, ast.Call)
        and called(node.elt) == "get"
        and len(node.elt.args) == 2
    ]
    return found[0] if len(found) == 1 else None
