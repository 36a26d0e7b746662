"""The same script with other random numbers: every seed that is written out becomes another one."""

from __future__ import annotations

from typing import Mapping

import libcst as cst

from doctor.repairs.base import CannotWrite
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name

#: Functions whose first argument is a seed, by their last name.
_SEEDERS = frozenset({
    "set_random_seed", "set_seed", "seed", "default_rng", "RandomState", "Random", "from_seed", "manual_seed",
    "SeedGenerator", "PRNGKey", "seed_everything",
})  # fmt: skip


def reseeded(files: Mapping[str, str], by: int) -> dict[str, str]:
    """The texts with seeds that are higher by `by`; a file without any is left out."""
    changed: dict[str, str] = {}
    for path, text in files.items():
        try:
            edits = Edits(Source(path, text))
            found = _seeds(edits.source)
            for node in found:
                edits.replace(node, str(node.evaluated_value + by))
            if found:
                changed[path] = edits.text()
        except CannotWrite:
            continue
    return changed


def _seeds(source: Source) -> list[cst.Integer]:
    """Whole numbers that are given as seeds."""
    found: list[cst.Integer] = []
    for call in source.calls():
        places = [argument(call, "seed", 0 if last_name(call.func) in _SEEDERS else None)]
        places.append(argument(call, "random_state"))
        for place in places:
            value = source.followed(place.value, source.line(call)) if place is not None else None
            if isinstance(value, cst.Integer) and value not in found:
                found.append(value)
    for node in source.all(cst.Assign):
        named = [target.target for target in node.targets]
        if any("seed" in last_name(name).lower() for name in named) and isinstance(node.value, cst.Integer):
            if node.value not in found:
                found.append(node.value)
    return found
