"""What the script can name where it runs, found without a trace.

PYTEST_DONT_REWRITE: a rewritten assert calls `locals()`, which is what one of these tests is about.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np

from doctor.capture.locator import Locator
from doctor.capture.reach import held_arrays, used_at

LOCATOR = Locator(__file__)


def held() -> dict[str, tuple[int, ...]]:
    """Text and shape of all that the caller can name."""
    found = held_arrays(LOCATOR, threading.get_ident())
    return {one.text: one.value.shape for one in found if one.place.path == __file__}


class Table:
    """An object with an array and a property that must not run."""

    def __init__(self) -> None:
        self.rows = np.zeros((4, 2))

    @property
    def shape(self) -> Any:
        """Never asked for."""
        raise AssertionError("a property of the script was run")


def test_names_members_and_attributes() -> None:
    x, data, parts, table, number = np.zeros((3, 2)), {"in": np.zeros(5)}, [np.zeros((1, 1))], Table(), 7
    assert held() == {"x": (3, 2), "data['in']": (5,), "parts[0]": (1, 1), "table.rows": (4, 2)}
    assert (x.size, len(data), len(parts), table.rows.size, number) == (6, 1, 1, 8, 7)


def test_a_function_that_keeps_its_own_variables() -> None:
    """`locals()` is one dict for all who ask, which asking brings up to date."""
    first = np.zeros(3)
    kept = locals()
    second = np.zeros(4)
    assert held() == {} if sys.version_info < (3, 13) else held() == {"first": (3,), "second": (4,)}
    assert set(kept) == {"first"} and (first.size, second.size) == (3, 4)


def test_nothing_is_kept_alive() -> None:
    array = np.zeros(3)
    watched = weakref.ref(array)
    assert held() == {"array": (3,)}
    del array
    gc.collect()
    assert watched() is None


def test_the_line_that_takes_rows() -> None:
    data = {"x": np.zeros((6, 1))}
    batch = data["x"][:2]  # the line
    for _ in range(1):
        (found,) = [one for one in held_arrays(LOCATOR, threading.get_ident()) if one.text == "data['x']"]
    where = used_at(LOCATOR, found)
    assert where is not None and where.code.endswith("# the line")
    assert (Path(where.path).name, batch.shape) == (Path(__file__).name, (2, 1))
