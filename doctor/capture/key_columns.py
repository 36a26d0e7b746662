"""Columns of text files that name their rows, and the order in which they do."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from typing import Any

from doctor.capture.columns_alike import fields
from doctor.capture.recorder import Recorder

#: Files that are looked at.
MAX_FILES = 10
#: Columns of a line among which a key is looked for: people write it first.
FIRST_COLUMNS = 3
#: Rows below which the same values may be there by chance: classes, months.
MIN_ROWS = 20


class KeyBook:
    """Looks at the files of a run once it is over.

    Args:
        recorder: has the sites of the files.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._paths: dict[str, str] = {}

    def note(self, site: str, path: str) -> None:
        """The script reads a file."""
        if len(self._paths) < MAX_FILES:
            self._paths.setdefault(site, os.path.abspath(path))

    def describe(self) -> None:
        """Say of each file which of its columns name its rows; of a single one that tells nothing."""
        if len(self._paths) < 2:
            return
        for key, path in self._paths.items():
            site, found = self.recorder.site(key), key_columns(path)
            if site is not None and found:
                self.recorder.describe(dataclasses.replace(site, attributes={**site.attributes, "keys": found}))


def key_columns(path: str) -> list[dict[str, Any]]:
    """The columns of a text file of which no two rows have the same value.

    Returns:
        For each its "position", its "name" in the first line, the number of "rows", and hashes of its "values" in
        whatever order, and in the "order" of the file.
    """
    rows = fields(path, FIRST_COLUMNS)
    if len(rows) <= MIN_ROWS or len(rows[0]) < 2:
        return []
    found = []
    for position in range(min(map(len, rows))):
        name, *values = (row[position] for row in rows)
        if len(set(values)) == len(values):
            found.append({
                "position": position, "name": name, "rows": len(values),
                "values": _hash(sorted(values)), "order": _hash(values),
            })  # fmt: skip
    return found


def _hash(values: list[str]) -> str:
    return hashlib.blake2b("\n".join(values).encode(), digest_size=8).hexdigest()
