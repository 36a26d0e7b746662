"""Which arrays and tables came from which file, as far as that is certain."""

from __future__ import annotations

import dataclasses
import os
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np

from doctor.capture import rowhash
from doctor.capture.columns_alike import Memory, Names, matched, profile, text_table
from doctor.capture.key_columns import KeyBook
from doctor.capture.locator import Locator
from doctor.capture.recorder import Recorder
from doctor.types import Location, Site

#: Objects and files that are remembered.
MAX_KNOWN = 200
MAX_FILES = 50
#: Tables whose rows are kept, and values of each: hashing them takes some 20 ms at most.
MAX_TABLES = 20
MAX_VALUES = 4_000_000
#: Rows of an array that must be found in a table, all of them, to say that they came from there.
MIN_ROWS = 8
#: Rows in which columns must agree to say that they are scaled ones.
MIN_ALIKE = 16


@dataclass(frozen=True)
class Origin:
    """Where an object came from.

    Attributes:
        file: as the script named it; None where it is a table of unknown source.
        reader: the function that read it, "numpy.load".
        location: the user's line that read it, or made it a plain array.
        names: of its columns, in order, where known.
        how: "read" by that function; "view" of what was read; "derived" by pandas from what
            was read; "rows": its rows are among those that were read, by their hashes;
            "scaled": each of its columns is one that was read, shifted and scaled.
        member: of an archive, or None.
    """

    file: str | None
    reader: str
    location: Location | None
    names: Names | None = None
    how: str = "read"
    member: str | None = None

    def facts(self) -> dict[str, Any]:
        """JSON form, as in the attributes of an array."""
        where = self.location
        return {
            "file": self.file,
            "reader": self.reader,
            "location": where.listed() if where else None,
            "how": self.how,
            **({"member": self.member} if self.member else {}),
        }


class Origins:
    """Remembers what was read, and asks whether an array is made of it.

    Args:
        recorder: gets a site for each file that was read.
        locator: finds the user's lines.
    """

    def __init__(self, recorder: Recorder, locator: Locator) -> None:
        self.recorder = recorder
        self.locator = locator
        self._known: dict[int, tuple[weakref.ref[Any], Origin, Memory | None]] = {}
        self._tables: list[tuple[rowhash.RowSample, int, Origin]] = []
        self._profiles: list[tuple[int, np.ndarray, Origin]] = []
        self._texts: list[tuple[str, Origin]] = []
        self._files = 0
        self.keys = KeyBook(recorder)

    def read_file(self, file: str, reader: str, location: Location | None, path: str | None = None) -> None:
        """The script reads a file; `path` where it lies on disk."""
        key = f"file:{file}"
        if path is not None:
            self.keys.note(key, path)
        if self.recorder.site(key) is None and self._files < MAX_FILES:
            self._files += 1
            self.recorder.describe(Site(key=key, kind="file", name=file, location=location,
                                        attributes={"reader": reader}))  # fmt: skip

    def read_text(self, path: str, origin: Origin) -> None:
        """The script reads a text file line by line, or field by field."""
        if all(path != known for known, _ in self._texts) and len(self._texts) < MAX_TABLES:
            self._texts.append((path, origin))

    def remember(self, value: Any, origin: Origin) -> None:
        """`value` came from there; it is held weakly."""
        if len(self._known) > MAX_KNOWN:
            self._known = {key: known for key, known in list(self._known.items()) if known[0]() is not None}
        if len(self._known) > MAX_KNOWN:
            return
        try:
            memory = Memory.of(value)
            self._known[id(value)] = (weakref.ref(value), origin, memory)
            base = getattr(value, "base", None)
            if isinstance(base, np.ndarray) and base.size == value.size:
                # What was read may be a view itself: later views of it have the same base as it has.
                self._known[id(base)] = (weakref.ref(base), origin, memory)
        except TypeError:  # a list, a dict
            return

    def keep_rows(self, array: Any, origin: Origin) -> None:
        """Remember the rows of a table, so that copies of them are known again."""
        if not isinstance(array, np.ndarray) or isinstance(array, np.memmap) or array.ndim < 2:
            return
        if len(self._tables) >= MAX_TABLES or array.size > MAX_VALUES:
            return
        found = rowhash.sample([array])
        if found is not None:
            self._tables.append((found, array[:1].size, origin))
            if origin.names and array.ndim == 2 and len(origin.names) == array.shape[1]:
                self._profiles.append((len(array), profile(array), origin))

    def knows(self, value: Any) -> bool:
        """Whether an object itself is known; cheap."""
        return id(value) in self._known

    def of(self, value: Any) -> Origin | None:
        """Where an object, or the array that it is a view of, came from."""
        known = self._direct(value)
        if known is not None:
            return known[0]
        base = value
        for _ in range(8):
            base = getattr(base, "base", None)
            if not isinstance(base, np.ndarray):
                return None
            known = self._direct(base)
            if known is not None:
                origin, memory = known
                names = memory.names_of(value, origin.names) if memory is not None and origin.names else None
                return dataclasses.replace(origin, how="view", names=names)
        return None

    def has_rows(self, width: int) -> bool:
        """Whether there is a table with so many values in a row to compare with."""
        return any(size == width for _, size, _ in self._tables)

    def of_rows(self, sample: rowhash.RowSample, width: int) -> Origin | None:
        """The table that holds all rows of a sample, where there is exactly one such origin."""
        found = [origin for known, size, origin in self._tables if size == width and _within(sample, known)]
        if len({(one.file, one.reader, one.names) for one in found}) != 1:
            return None
        return dataclasses.replace(found[0], how="rows")

    def of_scaled(self, array: np.ndarray) -> Origin | None:
        """The table whose columns, row by row, an array holds shifted and scaled, where there is exactly one.

        The array may also be a view of one that does.
        """
        self._read_texts()
        whole: Any = array
        for _ in range(8):
            found = self._scaled(whole) if isinstance(whole, np.ndarray) else None
            if found is not None and whole is not array:
                memory = Memory.of(whole)
                names = memory.names_of(array, found.names) if memory is not None and found.names else None
                return dataclasses.replace(found, names=names)
            whole = getattr(whole, "base", None)
            if found is not None or not isinstance(whole, np.ndarray):
                return found
        return None

    def _read_texts(self) -> None:
        """Read the text files that the script took apart by itself: only their columns are compared."""
        texts, self._texts = self._texts, []
        for path, origin in texts:
            table = text_table(path)
            if table is not None:
                self.keep_rows(table[1], dataclasses.replace(origin, names=table[0]))

    def _scaled(self, array: np.ndarray) -> Origin | None:
        if array.ndim != 2 or len(array) < MIN_ALIKE or array.dtype.kind not in "fiub":
            return None
        found = []
        for rows, table, origin in self._profiles:
            if rows == len(array) and array.shape[1] <= table.shape[1] and origin.names:
                numbers = matched(profile(array), table)
                if numbers is not None:
                    names = tuple(None if number is None else origin.names[number] for number in numbers)
                    found.append(dataclasses.replace(origin, how="scaled", names=names))
        return found[0] if len(set(found)) == 1 else None

    def _direct(self, value: Any) -> tuple[Origin, Memory | None] | None:
        known = self._known.get(id(value))
        return known[1:] if known is not None and known[0]() is value else None


def _within(sample: rowhash.RowSample, known: rowhash.RowSample) -> bool:
    """Whether all rows that may be in both samples are."""
    bits = max(sample.share_bits, known.share_bits)
    last = np.uint64((1 << bits) - 1)
    ours = np.unique(sample.inputs[((sample.inputs & last) == 0) & ~sample.blank])
    complete = known.looked_at == known.rows and not known.truncated
    return complete and len(ours) >= MIN_ROWS and bool(np.isin(ours, known.inputs).all())


def named_file(source: Any) -> str | None:
    """The file behind what a reader was given: a path, or an open file."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source) if isinstance(os.fspath(source), str) else None
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else None
