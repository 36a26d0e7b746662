"""Columns that name the rows of a file, and that the script makes no use of."""

from __future__ import annotations

import ast

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: Functions, methods and arguments that bring rows together by what names them, or into its order.
_JOINING = frozenset({
    "merge", "set_index", "reindex", "reindex_like", "align", "sort_values", "sort_index", "argsort", "index_col",
    "searchsorted", "isin", "lexsort", "combine_first",
})  # fmt: skip


def dropped_at(recording: Recording, file: Site, position: int, name: str) -> Location | None:
    """Where rows of a file are taken without the column that names them; None where it may be used.

    `for _, kind in csv.reader(f)`, `row[1]` and never `row[0]`; of tables the line that reads the file, where its
    column is mentioned nowhere and no rows are joined or sorted.
    """
    places: list[Location] = []
    for module in modules(recording):
        for node in nodes(module.tree):
            if name in (getattr(node, "value", None), getattr(node, "attr", None)):
                return None  # "paper", table.paper
            word = called(node) if isinstance(node, ast.Call) else node.arg if isinstance(node, ast.keyword) else ""
            if word in _JOINING or isinstance(node, ast.Call) and word == "sorted" and len(node.keywords) > 0:
                return None
            if isinstance(node, (ast.For, ast.comprehension)) and _drops(node, position, module.tree):
                places.append(module.at(node.target.lineno))
    if file.attributes.get("reader") == "csv.reader":
        return places[0] if len(places) == 1 else None
    return file.location


def _drops(loop: ast.For | ast.comprehension, position: int, tree: ast.AST) -> bool:
    """Whether a loop over rows takes other fields than the one at `position`."""
    target = loop.target
    if isinstance(target, ast.Tuple):
        first = target.elts[position] if position < len(target.elts) else None
        return isinstance(first, ast.Name) and first.id.startswith("_") and len(target.elts) > 1
    if not isinstance(target, ast.Name):
        return False
    owner = loop if isinstance(loop, ast.For) else next(
        (one for one in nodes(tree) if loop in getattr(one, "generators", ())), loop
    )
    fields = [
        one.slice.value
        for one in ast.walk(owner)
        if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name) and one.value.id == target.id
        and isinstance(one.slice, ast.Constant)
    ]  # fmt: skip
    # Besides the target itself: a row that goes elsewhere as a whole may be asked for anything there.
    mentioned = sum(isinstance(one, ast.Name) and one.id == target.id for one in ast.walk(owner)) - 1
    return bool(fields) and position not in fields and mentioned == len(fields)
