"""Vocabularies that hold none of the words that are looked up in them."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source


class TurnedVocabulary(Repair):
    """Turns a dictionary round that words are looked up in, or writes them small before they are."""

    id = "turned-vocabulary"
    faults = ("degenerate-feature",)
    rules = ("unknown-tokens",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        found = list(_lookups(source))
        if not found:
            raise CannotWrite("no word is looked up in a dictionary by `get`")
        for name in dict.fromkeys(name for name, _ in found):
            made = [one for one in source.assignments(name) if isinstance(one, cst.Assign)]
            if len(made) == 1 and not isinstance(made[0].value, cst.DictComp):
                edits = Edits(source)
                code = source.code(made[0].value)
                edits.replace(made[0].value, f"{{word: int(number) for number, word in ({code}).items()}}")
                yield self.patch("Turn the vocabulary round: from words to numbers", edits)
        edits = Edits(source)
        for _, word in found:
            if ".lower()" not in source.code(source.statement(word)):
                edits.replace(word, f"{source.code(word)}.lower()")
        if edits.made:
            yield self.patch("Write words small before they are looked up", edits)


def _lookups(source: Source) -> Iterator[tuple[str, cst.BaseExpression]]:
    """(name of a dictionary, what is looked up) of every `vocabulary.get(word, unknown)`."""
    for call in source.calls("get"):
        owner = call.func.value if isinstance(call.func, cst.Attribute) else None
        if isinstance(owner, cst.Name) and len(call.args) == 2 and isinstance(call.args[0].value, cst.Name):
            yield owner.value, call.args[0].value
