"""Where the data that a training is given was made."""

from __future__ import annotations

import ast
from typing import Iterable

from doctor.reading.source import assignment, called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location, Site


def fed_from(recording: Recording, location: Location | None) -> Location | None:
    """Where the data that a `fit` is given first was made: `batches` of `net.fit(batches, epochs=5)`.

    Of `batches = generator.flow(x, y)` the line that made the generator, which says what is done with the rows.
    """
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    for call in nodes(module.tree):
        inside = isinstance(call, ast.Call) and call.lineno <= location.line <= (call.end_lineno or call.lineno)
        if inside and isinstance(call, ast.Call) and called(call) in ("fit", "fit_generator") and call.args:
            given = call.args[0]
            made = assignment(module.tree, given.id, call.lineno) if isinstance(given, ast.Name) else None
            flow = made.value if made is not None else None
            if isinstance(flow, ast.Call) and called(flow).startswith("flow") and isinstance(flow.func, ast.Attribute):
                owner = flow.func.value
                made = assignment(module.tree, owner.id, flow.lineno) if isinstance(owner, ast.Name) else made
            return module.at(made.lineno) if made is not None else None
    return None


def shuffled_within(recording: Recording, sources: Iterable[Site]) -> Location | None:
    """The last line that shuffles something in a class or generator of the script's own that batches come from."""
    for source in sources:
        place = Location.of(source.attributes.get("defined"))
        module = module_of(recording, place)
        if module is None or place is None or str(source.attributes.get("role") or "x").endswith("_val"):
            continue
        for made in nodes(module.tree):
            if isinstance(made, (ast.ClassDef, ast.FunctionDef)) and made.lineno == place.line:
                lines = [node.lineno for node in ast.walk(made)
                         if isinstance(node, ast.Call) and called(node) in ("shuffle", "permutation")]  # fmt: skip
                if lines:
                    return module.at(max(lines))
    return None
