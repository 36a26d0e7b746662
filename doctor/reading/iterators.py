"""Iterators over batches that a script writes itself."""

from __future__ import annotations

import ast

from doctor.reading.source import modules, nodes
from doctor.recording import Recording


def own_iterator(recording: Recording, name: str) -> ast.ClassDef | None:
    """The class of this name, where it is one of the script's own and derived from Keras's PyDataset or Sequence."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.ClassDef) and node.name == name and any(map(_iterates, node.bases)):
                return node
    return None


def _iterates(base: ast.expr) -> bool:
    return ast.unparse(base).rpartition(".")[2] in ("PyDataset", "Sequence")
