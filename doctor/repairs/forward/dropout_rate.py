"""Dropout that leaves most of the signal."""

from __future__ import annotations

import math
import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.origins import origin
from doctor.repairs.shared.named import numbers_on
from doctor.repairs.source import Source, argument, last_name, number
from doctor.rules.dropout_too_high import DropoutTooHigh
from doctor.types import Location, Site

#: Functions and layers that drop, with the place of the rate among the arguments without a name.
_DROPS = {"dropout": 1, "alpha_dropout": 1, "stateless_dropout": 1, "general_dropout": 1}
_LAYERS = re.compile(r"^(Spatial|Alpha|Gaussian|MC|MonteCarlo)?Dropout(\dD)?$")
#: Arguments of other layers that drop.
_WORDS = ("rate", "keep_prob", "dropout", "recurrent_dropout", "dropout_rate", "drop_rate", "p")
_KEEPS = re.compile(r"keep|kept|retain", re.IGNORECASE)


class DropoutRate(Repair):
    """Drops what was to be kept, where the two were mixed up, and less of it everywhere else."""

    id = "dropout-rate"
    faults = ("dropout-too-high",)

    def patches(self, case: Case) -> Iterator[Patch]:
        files: dict[str, Edits] = {}
        done: set[cst.CSTNode] = set()
        why: CannotWrite | None = None
        value = 0.5
        for site in _high(case):
            rate = float(site.attributes["rate"])
            value = min(0.5, round(1 - rate, 2) or 0.5)
            for place in (site.location, case.finding.location):
                if place is None:
                    continue
                try:
                    _lower(case, files, place, rate, value, done)
                    break
                except CannotWrite as reason:
                    why = reason
        if not done:
            raise why or CannotWrite("no line sets the rate")
        yield self.patch(f"Drop {100 * value:g} % of the units", *files.values(), value=value)


def _high(case: Case) -> list[Site]:
    """The places that drop too much."""
    known = [one for one in case.view.sites("dropout") if isinstance(one.attributes.get("rate"), (int, float))]
    return [one for one in known if round(float(one.attributes["rate"]), 6) >= DropoutTooHigh().max_rate]


def _lower(
    case: Case, files: dict[str, Edits], place: Location, rate: float, value: float, done: set[cst.CSTNode]
) -> None:
    """Write a lower rate where one is set on a line, or where what is given there was chosen.

    Raises:
        CannotWrite: none is given there.
    """
    source = case.at(place)
    found = _given(source, place.line)
    for given in found:
        _replace(case, files, source, given, rate, value, done)
    if found:
        return
    for literal in numbers_on(source, place.line):
        written = number(literal) or 0.0
        for close, new in ((rate, value), (1 - rate, 1 - value)):
            if math.isclose(written, close, abs_tol=1e-6):
                done.add(literal)
                files.setdefault(source.path, Edits(source)).replace(literal, f"{new:g}")
                return
    raise CannotWrite(f"no rate of a dropout is written on line {place.line}")


def _given(source: Source, line: int) -> list[cst.Arg]:
    """The rates that calls on a line are given."""
    found: list[cst.Arg] = []
    for call in source.calls(line=line):
        name = last_name(call.func)
        position = 0 if _LAYERS.match(name) else _DROPS.get(name)
        words = [arg for word in _WORDS if (arg := argument(call, word)) is not None]
        if words:
            found += words
        elif position is not None and (arg := argument(call, "rate", position)) is not None:
            found.append(arg)
    return found


def _replace(
    case: Case, files: dict[str, Edits], source: Source, arg: cst.Arg, rate: float, value: float, done: set[cst.CSTNode]
) -> None:
    edits = files.setdefault(source.path, Edits(source))
    code = source.code(arg.value)
    chosen = origin(case, source, arg.value)
    written = chosen.number
    keeps = arg.keyword is not None and bool(_KEEPS.search(arg.keyword.value))
    if arg.keyword is None and written is not None and not _near(written, rate):
        keeps = _near(1 - written, rate)  # TensorFlow 1 takes the share that is kept
    if arg in done or chosen.node in done:
        return
    if written is not None and not _near(1 - written if keeps else written, rate):
        return  # another rate, which is none of the high ones
    done.update((arg, chosen.node))
    if _KEEPS.search(code) and not keeps and "-" not in code:
        edits.replace(arg.value, f"1 - {code}")
        return
    if written is None:
        edits.replace(arg.value, f"{1 - value if keeps else value:g}")
        return
    new = 1 - value if keeps else value
    files.setdefault(chosen.source.path, Edits(chosen.source)).replace(chosen.node, f"{new:g}")


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, abs_tol=1e-5)
