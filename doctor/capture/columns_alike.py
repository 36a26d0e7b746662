"""Tells which columns of a table an array holds: by where they lie in memory, or by their values."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Names of columns, None for one that is not known.
Names = tuple[str | None, ...]

#: Rows and columns in which tables are compared.
PROFILE_ROWS = 512
MAX_COLUMNS = 256
#: Bytes of a text file that is read to know its columns: some 0.1 s.
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Memory:
    """Where a table of numbers lies, so that its columns are known again in a view of it.

    Attributes:
        start: address of the first value.
        columns: of the table.
        row, column: bytes from one row, and one column, to the next.
    """

    start: int
    columns: int
    row: int
    column: int

    @classmethod
    def of(cls, value: Any) -> Memory | None:
        """The memory of a table that lies there row by row or column by column, else None."""
        if not isinstance(value, np.ndarray) or value.ndim != 2 or not value.flags.forc:
            return None
        return cls(value.__array_interface__["data"][0], value.shape[1], *value.strides)

    def names_of(self, view: np.ndarray, names: Names) -> Names | None:
        """The names of the columns of a view of the table, None where it does not consist of columns."""
        if len(names) != self.columns or view.ndim not in (1, 2) or not view.size:
            return None
        along = view.strides[0]
        across = view.strides[1] if view.ndim == 2 else 0
        offset = view.__array_interface__["data"][0] - self.start
        if self.row >= self.column:
            first, rest = divmod(offset % self.row, self.column)
            inside = along % self.row == 0 and rest == 0
        else:
            first = offset // self.column
            inside = along % self.row == 0 and abs(along) * (len(view) - 1) < self.column
        if not inside or across % self.column:
            return None
        numbers = [first + index * (across // self.column) for index in range(view.shape[1] if view.ndim == 2 else 1)]
        return tuple(names[one] for one in numbers) if all(0 <= one < len(names) for one in numbers) else None


def profile(array: np.ndarray) -> np.ndarray:
    """Some evenly spaced rows of a table, each column at mean 0 and spread 1, shape (rows, columns).

    What is not finite becomes 0, and so does a column without any spread.
    """
    some = np.linspace(0, len(array) - 1, min(len(array), PROFILE_ROWS)).astype(int)
    rows = array[some, :MAX_COLUMNS].astype(np.float64)
    rows[~np.isfinite(rows)] = np.nan
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column without a single number
        rows = rows - np.nanmean(rows, axis=0)
        spread = np.sqrt(np.nanmean(rows**2, axis=0))
        # Rounding leaves a constant column some spread.
        rows = np.where(spread > 1e-9 * np.nanmax(np.abs(array[some, :MAX_COLUMNS]), axis=0), rows / spread, 0.0)
    return np.nan_to_num(rows)


def matched(ours: np.ndarray, theirs: np.ndarray) -> list[int | None] | None:
    """For each column of one profile the column of another that it equals up to its sign.

    None for one without spread. None in all where any other has no partner, or more than one.
    """
    found: list[int | None] = []
    alike = np.abs(ours.T @ theirs) / len(ours)
    for number, column in enumerate(ours.T):
        if not column.any():
            found.append(None)
            continue
        partners = [
            other
            for other in np.flatnonzero(alike[number] > 0.1).tolist()
            if np.abs(column - np.sign(column @ theirs[:, other]) * theirs[:, other]).max() < 1e-3
        ]
        if len(partners) != 1:
            return None
        found.append(partners[0])
    known = [one for one in found if one is not None]
    return found if known and len(set(known)) == len(known) else None


def fields(path: str, columns: int = -1) -> list[list[str]]:
    """The fields of every line of a text file, without spaces and quotes around them; none where it is another file.

    Args:
        path: of the file.
        columns: how many of a line, from the first on; -1 stands for all.
    """
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_BYTES:
            return []
        with open(path, encoding="utf-8-sig") as file:
            lines = [line for line in file.read().splitlines() if line]
    except (OSError, UnicodeDecodeError):
        return []
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    rows = [line.split(delimiter, columns) for line in lines]
    return [[field.strip().strip("\"'") for field in (row if columns < 0 else row[:columns])] for row in rows]


def text_table(path: str) -> tuple[Names, np.ndarray] | None:
    """(names, values) of a text file with a line of names and a line for each row, else None.

    What is no number becomes NaN.
    """
    rows = fields(path)
    if len(rows) < 2:
        return None
    names = tuple(rows[0])
    # A field may hold the delimiter between quotes: such a file is left alone.
    if len(names) < 2 or any(len(row) != len(names) for row in rows) or any(map(is_number, names)):
        return None
    return names, np.array([[float(text) if is_number(text) else np.nan for text in row] for row in rows[1:]])


def is_number(text: str) -> bool:
    """Whether a field of a text file is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
