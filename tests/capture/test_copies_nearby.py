"""Held-out rows that are changed copies of training rows, told from rows that were drawn one by one."""

from __future__ import annotations

from typing import Callable

import numpy as np
import pytest

from doctor.capture.copy_book import CopyBook
from doctor.capture.near_copies import near_copies
from doctor.types import Site

RNG = np.random.default_rng(0)


def halves(rows: np.ndarray) -> dict[str, float]:
    order = np.random.default_rng(1).permutation(len(rows))
    cut = 4 * len(rows) // 5
    found = near_copies(rows[order[:cut]], rows[order[cut:]])
    assert found is not None
    return found


def originals(width: int = 20) -> np.ndarray:
    return RNG.normal(size=(600, width))


@pytest.mark.parametrize("copies", [1, 4])
def test_copies_with_a_little_noise(copies: int) -> None:
    rows = originals()
    found = halves(np.concatenate([rows, *(rows + 0.1 * RNG.normal(size=rows.shape) for _ in range(copies))]))
    assert found["near"] >= 0.7 * found["rows"] and found["gap"] > 3


@pytest.mark.parametrize(
    "make",
    [
        originals,
        lambda: RNG.normal(size=(2000, 1)) @ RNG.normal(size=(1, 20)),  # in one dimension rows are crowded
        lambda: RNG.normal(size=(2000, 3)) @ RNG.normal(size=(3, 20)),
        lambda: np.lib.stride_tricks.sliding_window_view(np.sin(0.2 * np.arange(2000.0)), 24),
    ],
)
def test_rows_that_were_drawn_one_by_one(make: Callable[[], np.ndarray]) -> None:
    found = halves(make())
    assert found["near"] < 0.35 * found["rows"] and found["gap"] < 1.8


def test_copies_of_training_rows_alone_are_no_leak() -> None:
    rows = originals()
    trained = np.concatenate([rows[:480], rows[:480] + 0.1 * RNG.normal(size=(480, 20))])
    found = near_copies(trained, rows[480:])
    assert found is not None and found["near"] < 0.3 * found["rows"]


def test_what_cannot_be_told() -> None:
    rows = originals()
    assert near_copies(rows[:500], rows[500:, :5]) is None, "other columns"
    assert near_copies(rows[:500, :5], rows[500:, :5]) is None, "too narrow"
    assert near_copies(rows[:500], rows[:10]) is None, "too few"
    tokens = RNG.integers(0, 500, (600, 20))
    assert near_copies(tokens[:500], tokens[500:]) is None, "numbers of words"
    broken = rows.copy()
    broken[3, 3] = np.nan
    assert near_copies(broken[:500], broken[500:]) is None
    assert near_copies(rows[:500], rows[:100]) is None, "exact copies are found by their hashes"


def test_tight_classes_of_few_rows_are_no_copies() -> None:
    """Spectra or gestures: a class of ten rows is a cluster, and half of its rows are held out by right."""
    prototypes = RNG.normal(size=(30, 16))
    rows = np.repeat(prototypes, 10, axis=0) + 0.1 * RNG.normal(size=(300, 16))
    classes = np.repeat(np.arange(30), 10)
    order = np.random.default_rng(1).permutation(300)
    rows, classes = rows[order], classes[order]
    told = near_copies(rows[:240], rows[240:], classes[:240])
    untold = near_copies(rows[:240], rows[240:])
    assert told is not None and untold is not None
    assert told["near"] < 0.2 * told["rows"] and untold["near"] > 0.8 * untold["rows"]


def test_a_view_that_would_be_copied_whole_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = RNG.normal(size=(20, 600)).T
    assert near_copies(rows[:500], rows[500:]) is not None
    monkeypatch.setattr("doctor.capture.near_copies.MAX_COPIED", 1000)
    assert near_copies(rows[:500], rows[500:]) is None


class Sites:
    """A recorder of sites alone."""

    def __init__(self, *sites: Site) -> None:
        self.known = {site.key: site for site in sites}

    def sites(self, kind: str) -> list[Site]:
        return [site for site in self.known.values() if site.kind == kind]

    def site(self, key: str) -> Site | None:
        return self.known.get(key)

    def describe(self, site: Site) -> None:
        self.known[site.key] = site


def rows_of(array: str) -> Site:
    return Site(f"rows:{array}", "rows", "rows", attributes={"inputs": [array]})


@pytest.mark.parametrize("known", ["by name", "by dataset", "by fit"])
def test_arrays_of_a_loop_are_compared_at_the_end(known: str) -> None:
    """A fit that was told of both has looked already."""
    chain = [{"stage": "from_tensor_slices", "arrays": ["array:x"]}]
    recorder = Sites(rows_of("array:x"), rows_of("array:v"))
    if known == "by dataset":
        recorder.describe(Site("dataset:1", "dataset", "d", attributes={"used_for": "train", "chain": chain}))
    if known == "by fit":
        recorder.describe(Site("fit:1", "fit", "fit", attributes={"near_copies": {}}))
    book = CopyBook(recorder)  # type: ignore[arg-type]
    rows = originals()
    changed = rows + 0.01 * RNG.normal(size=rows.shape)
    gone = rows.copy()
    whole = slice(0, len(rows))
    book.keep("rows:array:x", None if known == "by dataset" else "train", rows, None, whole)
    book.keep("rows:array:v", "eval", changed, None, whole)
    book.keep("rows:array:g", "eval", gone, None, whole)
    del gone
    book.compare()
    found = recorder.sites("held_out")
    assert len(found) == (0 if known == "by fit" else 1)
    for site in found:
        assert (site.attributes["array"], site.attributes["trained"]) == ("array:v", "array:x")
        assert site.attributes["near_copies"]["near"] > 90
