"""Numbers that the script gives to calls by name."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Iterator

from doctor.reading.source import Module, modules, nodes
from doctor.reading.values import value_chosen
from doctor.recording import Recording
from doctor.types import Location


@dataclass(frozen=True)
class Given:
    """One such number.

    Attributes:
        module: the file that the call stands in.
        call: that is given it.
        word: name of the argument, or of the function where it was given by its place.
        location: where the number was chosen.
        value: the number.
    """

    module: Module
    call: ast.Call
    word: str
    location: Location
    value: float


def calls(recording: Recording) -> Iterator[tuple[Module, ast.Call]]:
    """All calls of the script and the user's other files."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call):
                yield module, node


def given(recording: Recording, module: Module, call: ast.Call, word: str, value: ast.expr) -> Given | None:
    """The number that an argument has, None where none is written out."""
    location, number = value_chosen(recording, module, value)
    return Given(module, call, word, location, number) if number is not None else None


def numbers_given(recording: Recording, *words: str) -> Iterator[Given]:
    """The numbers that calls are given by one of these names."""
    for module, call in calls(recording):
        for keyword in call.keywords:
            if keyword.arg in words:
                found = given(recording, module, call, str(keyword.arg), keyword.value)
                if found is not None:
                    yield found
