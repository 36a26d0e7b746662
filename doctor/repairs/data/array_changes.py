"""Variables that hold arrays changed together, each where it has its value."""

from __future__ import annotations

import re
from typing import Callable, Iterable, Sequence

import libcst as cst

from doctor.repairs.data.arrays import Held
from doctor.repairs.edits import Edits
from doctor.repairs.data.places import insert, names_in, place_of
from doctor.repairs.source import Source


def change_all(
    edits: Edits, arrays: Sequence[Held], before: str, needed: Iterable[str], changed: Callable[[str], str]
) -> None:
    """Change variables of one scope, each where it has its value, the first of those that are trained on first of all.

    Args:
        edits: of their file.
        arrays: which.
        before: statements that the changes need, "" for none.
        needed: variables that these need, beside the first array.
        changed: what a variable is changed to, by its name.
    """
    first = next(one for one in arrays if one.training)
    source, by_name = first.source, {name: [one for one in arrays if one.name == name]
                                     for name in dict.fromkeys(one.name for one in arrays)}  # fmt: skip
    uses = [one.use for one in by_name[first.name]]
    place = place_of(source, first.scope, {first.root, *needed}, uses)
    together, apart = [given(first.name, changed(first.name))], []
    for name, ones in by_name.items():
        if name == first.name:
            continue
        own = place_of(source, first.scope, {ones[0].root}, [one.use for one in ones])
        if source.line(own[0]) <= source.line(place[0]):
            together.append(given(name, changed(name)))
        elif not _made_of(source, own[0], set(by_name)):
            apart.append((own, given(name, changed(name))))
    insert(edits, place, "\n".join([*([before] if before else []), *together]))
    for own, code in apart:
        insert(edits, own, code)


def given(name: str, value: str) -> str:
    """The statement that gives a variable a value; that of a pair is made anew, as a tuple cannot be changed."""
    part = re.fullmatch(r"([\w.]+)\[(\d+)\]", name)
    if part is None:
        return f"{name} = {value}"
    whole, place = part[1], int(part[2])
    before = "".join(f"{whole}[{index}], " for index in range(place))
    after = f"{place + 1}:"
    return f"{whole} = ({before}{value}, *{whole}[{after}])"


def _made_of(source: Source, statement: cst.CSTNode, names: set[str]) -> bool:
    """Whether a statement assigns what it takes of variables that are changed before it."""
    assigned = [node for node in source.inside(statement, cst.Assign)]
    return any(names & names_in(source.code(node.value)) for node in assigned)


def given_all(names: Sequence[str], values: Sequence[str]) -> str:
    """One statement that gives several variables their values, or several where some are members of pairs."""
    if any("[" in name for name in names):
        return "\n".join(given(name, value) for name, value in zip(names, values))
    return f"{', '.join(names)} = {', '.join(values)}"
