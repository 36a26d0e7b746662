"""Which file an array came from: only where that is certain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doctor.capture.locator import Locator
from doctor.capture.origins import Origin, Origins, named_file
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
    columns = origins.of(points[:, 1:])
    assert columns is not None and (columns.how, columns.names) == ("view", None)


def test_copies_are_known_by_their_rows(origins: Origins, points: np.ndarray) -> None:
    """Shuffled, cut and cast; but not scaled, not with a row more, and not with columns swapped."""
    copy = np.random.default_rng(1).permutation(points)[:60].astype("float32")
    assert origins.of(copy) is None
    found = by_rows(origins, copy)
    assert found is not None and (found.file, found.how, found.names) == ("points.csv", "rows", ("a", "b", "c"))
    assert by_rows(origins, copy / 2) is None
    assert by_rows(origins, np.vstack([copy, [[1, 2, 3]]])) is None
    assert by_rows(origins, copy[:, ::-1]) is None


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
