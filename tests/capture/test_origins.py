"""Which file an array came from: only where that is certain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doctor.capture.columns_alike import text_table
from doctor.capture.locator import Locator
from doctor.capture.origins import Origin, Origins, named_file
from doctor.capture.readers import header
from doctor.capture.recorder import Recorder
from doctor.capture.rowhash import sample
from doctor.types import RunFacts

FROM_FILE = Origin("points.csv", "numpy.loadtxt", None, ("a", "b", "c"))


@pytest.fixture
def origins(tmp_path: Path) -> Origins:
    return Origins(Recorder(tmp_path, RunFacts(path="train.py")), Locator("train.py"))


@pytest.fixture
def points(origins: Origins) -> np.ndarray:
    array = np.random.default_rng(0).normal(size=(100, 3))
    origins.remember(array, FROM_FILE)
    origins.keep_rows(array, FROM_FILE)
    return array


def by_rows(origins: Origins, array: np.ndarray) -> Origin | None:
    found = sample([array])
    return None if found is None else origins.of_rows(found, array[:1].size)


def test_itself_and_its_views(origins: Origins, points: np.ndarray) -> None:
    assert origins.of(points) == FROM_FILE
    view = origins.of(points[10:20])
    assert view is not None and (view.how, view.names) == ("view", ("a", "b", "c"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("some rows", ("a", "b", "c")),
        ("some columns", ("b", "c")),
        ("backwards", ("c", "b", "a")),
        ("every second", ("a", "c")),
        ("one column", ("b",)),
        ("transposed", None),
        ("one row", None),
        ("other rows", None),
        ("flattened", None),
    ],
)
@pytest.mark.parametrize("order", ["by rows", "by columns", "a view itself"])
def test_columns_of_views(origins: Origins, order: str, name: str, expected: tuple[str, ...] | None) -> None:
    """The names of the columns that a view shows, by where they lie in memory."""
    owner = np.arange(24.0)
    table = owner.reshape(8, 3) if order == "a view itself" else np.arange(24.0).reshape(8, 3).copy()
    if order == "by columns":
        table = np.asfortranarray(table)
    origins.remember(table, FROM_FILE)
    view = {
        "some rows": table[2:5],
        "some columns": table[1:, 1:],
        "backwards": table[::2, ::-1],
        "every second": table[:, ::2],
        "one column": table[2:, 1],
        "transposed": table.T,
        "one row": table[1],
        "other rows": table.reshape(4, 6, order="A"),
        "flattened": table.reshape(-1, order="A"),
    }[name]
    found = origins.of(view)
    assert found is not None and (found.file, found.how, found.names) == ("points.csv", "view", expected)


@pytest.mark.parametrize(
    ("first", "options", "expected"),
    [
        ("age, rooms,'price'", {"delimiter": ",", "skip_header": 1}, ("age", "rooms", "price")),
        ("# age rooms price", {"skiprows": 1}, ("age", "rooms", "price")),
        ("age,rooms,price", {"delimiter": ","}, None),
        ("age,rooms", {"delimiter": ",", "skiprows": 1}, None),
        ("1,2,3", {"delimiter": ",", "skiprows": 1}, None),
        ("age,rooms,price", {"delimiter": ",", "skiprows": 1, "usecols": (0, 2, 1)}, None),
        ("age,rooms,price", {"delimiter": ",", "skiprows": 2}, None),
    ],
)
def test_the_header_that_was_skipped(
    tmp_path: Path, first: str, options: dict[str, Any], expected: tuple[str, ...] | None
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{first}\n1,2,3\n4,5,6\n")
    assert header(str(path), options, 3) == expected


def test_copies_are_known_by_their_rows(origins: Origins, points: np.ndarray) -> None:
    """Shuffled, cut and cast; but not scaled, not with a row more, and not with columns swapped."""
    copy = np.random.default_rng(1).permutation(points)[:60].astype("float32")
    assert origins.of(copy) is None
    found = by_rows(origins, copy)
    assert found is not None and (found.file, found.how, found.names) == ("points.csv", "rows", ("a", "b", "c"))
    assert by_rows(origins, copy / 2) is None
    assert by_rows(origins, np.vstack([copy, [[1, 2, 3]]])) is None
    assert by_rows(origins, copy[:, ::-1]) is None


def test_scaled_columns(origins: Origins, points: np.ndarray) -> None:
    """Standardised, flipped, reordered, with holes: columns are known by their rows; not in another order of rows."""
    points[5, 0] = np.nan
    origins.keep_rows(points, FROM_FILE)
    scaled = ((points - np.nanmean(points, axis=0)) / -np.nanstd(points, axis=0)).astype("float32")
    found = origins.of_scaled(scaled[:, [2, 0]])
    assert found is not None and (found.file, found.how, found.names) == ("points.csv", "scaled", ("c", "a"))
    blank = np.column_stack([scaled[:, 1], np.full(100, np.nan), np.full(100, 0.1)])
    found = origins.of_scaled(blank)
    assert found is not None and found.names == ("b", None, None)
    for other in (scaled[::-1].copy(), scaled[:50].copy(), np.exp(scaled), scaled[:, [0, 0]], np.zeros((100, 2))):
        assert origins.of_scaled(other) is None


def test_a_text_file_that_the_script_takes_apart(origins: Origins, tmp_path: Path) -> None:
    """Its own columns are compared: also those of a slice of the array that the script made of it."""
    values = np.random.default_rng(2).normal(size=(40, 2))
    path = tmp_path / "people.csv"
    path.write_text("name,age,income\n" + "".join(f"p{i},{a},{b}\n" for i, (a, b) in enumerate(values.tolist())))
    origins.read_text(str(path), Origin("people.csv", "csv.reader", None))
    made = np.array([[b, a / 100] for a, b in values.tolist()], dtype="float32")
    for array, names in ((made, ("income", "age")), (made[:30], ("income", "age")), (made[10:, 1:], ("age",))):
        found = origins.of_scaled(array)
        assert found is not None and (found.file, found.how, found.names) == ("people.csv", "scaled", names)
    assert origins.of_scaled(made[:30].copy()) is None


@pytest.mark.parametrize("text", ["", "a,b\n", "1,2\n3,4\n", "a,b\n1\n", 'a,b\n"1,5",2\n', "a\n1\n"])
def test_text_files_that_are_no_tables(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert text_table(str(path)) is None and text_table(str(tmp_path)) is None


def test_few_rows_prove_nothing(origins: Origins, points: np.ndarray) -> None:
    assert by_rows(origins, points[:7].copy()) is None
    assert by_rows(origins, points[:8].copy()) is not None
    origins.keep_rows(np.ones((50, 2)), FROM_FILE)
    assert by_rows(origins, np.ones((20, 2))) is None


def test_two_files_with_the_same_rows(origins: Origins, points: np.ndarray) -> None:
    """It cannot be told which of them it was."""
    origins.keep_rows(points, Origin("copy.csv", "numpy.loadtxt", None))
    assert by_rows(origins, points.copy()) is None


def test_nothing_is_kept_alive(origins: Origins) -> None:
    """Another object at the address of one that is gone is not taken for it."""
    array: Any = np.zeros(5)
    address = id(array)
    origins.remember(array, FROM_FILE)
    del array
    assert all(id(other) != address or origins.of(other) is None for other in [np.zeros(5) for _ in range(50)])


def test_a_file_is_told_once(origins: Origins) -> None:
    for _ in range(3):
        origins.read_file("points.csv", "numpy.loadtxt", None)
    site = origins.recorder.site("file:points.csv")
    assert site is not None and (site.kind, site.name, site.attributes) == (
        "file", "points.csv", {"reader": "numpy.loadtxt"},
    )  # fmt: skip


def test_names_of_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2\n")
    with path.open() as file:
        assert named_file(str(path)) == named_file(path) == named_file(file) == str(path)
    assert named_file(b"1,2") is None and named_file(["1,2"]) is None
