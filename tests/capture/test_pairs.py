"""Rows of batches with their labels: the same from a graph as on the host, and related at the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from doctor.capture.tensorflow.pairs import BATCH_ROWS, MAX_VALUES, PairBook  # noqa: E402
from doctor.types import Site  # noqa: E402

RNG = np.random.default_rng(0)


class Sites:
    """A session that remembers sites, and what is to be done at its end."""

    def __init__(self) -> None:
        self.sites = {key: Site(key, "rows", key) for key in ("rows:1", "eval:rows:1")}
        self.recorder = SimpleNamespace(site=self.sites.get, describe=self._describe)
        self.at_end: list[Any] = []

    def at_finish(self, action: Any, last: bool = False) -> None:
        self.at_end.append(action)

    def _describe(self, site: Site) -> None:
        self.sites[site.key] = site


def book() -> tuple[Any, Sites]:
    session: Any = Sites()
    return PairBook(session), session


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "xla"])
@pytest.mark.parametrize("rows", [8, BATCH_ROWS, 50, 100])
def test_host_and_graph_keep_the_same(rows: int, compiled: bool) -> None:
    """Pixels and a table beside them; every second value, as 800 do not fit."""
    arrays = [RNG.integers(0, 256, (rows, 28, 28)).astype(np.uint8), RNG.normal(size=(rows, 16)), np.arange(rows)]
    signature = [tf.TensorSpec([None, *one.shape[1:]], one.dtype) for one in arrays]
    kept = []
    for graph in (True, False):
        pairs, _ = book()
        tap = pairs.tap("rows:1", ("x", "z"), ("y",), [784, 16, 1])
        if graph:
            @tf.function(input_signature=signature, jit_compile=compiled)
            def measure(x: Any, z: Any, y: Any) -> Any:
                return tap.in_graph({"x": x, "z": z, "y": y})

            left = measure(*arrays).numpy()
            assert left.shape == (tap.size,) and tap.of_row(0, left) == []
        else:
            tap.of_arrays(arrays)
        (inputs,), (labels,) = pairs._collected["rows:1"].inputs, pairs._collected["rows:1"].labels
        kept.append((inputs, labels))
        assert inputs.shape == (min(rows, BATCH_ROWS), 392 + 8)
        assert labels[:, 0].tolist() == list(range(0, rows, max(1, rows // BATCH_ROWS)))[:BATCH_ROWS]
    np.testing.assert_array_equal(kept[0][0], kept[1][0])


@pytest.mark.parametrize("length", [3, 400])
def test_rows_of_any_length(length: int) -> None:
    """They are cut, or filled up, on the host as in a graph."""
    arrays = [RNG.normal(size=(10, length, 2)).astype(np.float32), np.arange(10)]
    kept = []
    for graph in (True, False):
        pairs, _ = book()
        tap = pairs.tap("rows:1", ("x",), ("y",), [None, 1])
        if graph:
            @tf.function(input_signature=[tf.TensorSpec([None, None, 2]), tf.TensorSpec([None], tf.int64)])
            def measure(x: Any, y: Any) -> Any:
                return tap.in_graph({"x": x, "y": y})

            assert tap.of_row(0, measure(*arrays).numpy()) == []
        else:
            tap.of_arrays(arrays)
        kept.append(pairs._collected["rows:1"].inputs[0])
    flat = arrays[0].reshape(10, -1)
    expected = np.zeros((10, MAX_VALUES), np.float32)
    expected[:, : min(flat.shape[1], MAX_VALUES)] = flat[:, :MAX_VALUES]
    np.testing.assert_array_equal(kept[0], expected)
    np.testing.assert_array_equal(kept[1], expected)


@pytest.mark.parametrize("shuffled", [False, True])
def test_relation_of_batches(shuffled: bool) -> None:
    """Two clouds of points in batches of 20, labels with them or by themselves; the site says so at the end."""
    pairs, session = book()
    tap = pairs.tap("rows:1", ("x",), ("y",), [5, 1])
    for _ in range(20):
        labels = RNG.integers(0, 2, 20)
        points = RNG.normal(size=(20, 5)) + 2.0 * labels[:, None]
        tap.of_arrays([points, RNG.permutation(labels) if shuffled else labels])
    session.at_end[0]()
    found = session.sites["rows:1"].attributes["relation"]
    assert found["kind"] == "classes" and found["classes"] == 2 and found["copies"] == [] and found["rows"] > 300
    assert (found["deviations"] > 10) is not shuffled and (found["deviations"] < 3.5) is shuffled


def test_what_is_not_kept() -> None:
    """Several labels, labels of a thousand columns; and batches whose tensors have other numbers of rows."""
    pairs, session = book()
    assert pairs.tap("rows:1", ("x",), ("y", "z"), [5, 1, 1]) is None
    assert pairs.tap("rows:1", ("x",), (), [5]) is None
    assert pairs.tap("rows:1", ("x",), ("y",), [5, 1000]) is None
    tap = pairs.tap("rows:1", ("x",), ("y",), [5, 1])
    tap.of_arrays([np.zeros((20, 5)), np.zeros(10)])
    tap.of_arrays([np.zeros((20, 5)), None])
    session.at_end[0]()
    assert "relation" not in session.sites["rows:1"].attributes


def test_batches_of_several_widths() -> None:
    """A recurrence may be seen at other tensors in another forward pass: the usual batches are related."""
    pairs, session = book()
    for width in (8, 5, 5, 5, 5, 5):
        tap = pairs.tap("rows:1", ("x",), ("y",), [width, 1])
        labels = RNG.integers(0, 2, 30)
        tap.of_arrays([RNG.normal(size=(30, width)) + 3.0 * labels[:, None], labels])
    session.at_end[0]()
    assert session.sites["rows:1"].attributes["relation"]["rows"] > 100
