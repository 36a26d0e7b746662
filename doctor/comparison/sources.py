"""How the user's files differ between two runs."""

from __future__ import annotations

import difflib
from pathlib import PurePath
from typing import Iterator, Sequence

from doctor.comparison.types import DiffLine, Run, SourceChange

#: Unchanged lines that are shown around a change.
_CONTEXT = 3


def changes(runs: Sequence[Run]) -> Iterator[SourceChange]:
    """The files that differ from those of the first run, the scripts themselves first."""
    before = _files(runs[0])
    for number, run in enumerate(runs[1:], start=1):
        if run.reference:
            continue  # another script altogether
        after = _files(run)
        for key in [*before, *(key for key in after if key not in before)]:
            old, new = before.get(key), after.get(key)
            old_text, new_text = old[1] if old else "", new[1] if new else ""
            if old_text != new_text:
                lines = tuple(difference(old_text, new_text))
                yield SourceChange(number, old[0] if old else None, new[0] if new else None, lines)


def _files(run: Run) -> dict[str, tuple[str, str]]:
    """{what a file is in any run: (its name in this one, its text)}: the script under "", the others by file name."""
    sources, script = run.recording.sources, run.recording.run.path
    names = [script, *(name for name in sources if name != script)]
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        key = "" if name == script else PurePath(name).name
        found.setdefault(key if key not in found else name, (name, sources[name]))
    return found


def difference(old: str, new: str) -> Iterator[DiffLine]:
    """Two texts line by line: changes with three unchanged lines around them."""
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    last = (0, 0)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first = (group[0][1], group[0][3])
        if first > last or last == (0, 0) and first > (0, 0):
            yield DiffLine("@", first[0] + 1, first[1] + 1, "")
        for operation, low, high, new_low, new_high in group:
            if operation == "equal":
                for offset in range(high - low):
                    yield DiffLine(" ", low + offset + 1, new_low + offset + 1, before[low + offset])
                continue
            for index in range(low, high):
                yield DiffLine("-", index + 1, 0, before[index])
            for index in range(new_low, new_high):
                yield DiffLine("+", 0, index + 1, after[index])
        last = (group[-1][2], group[-1][4])
