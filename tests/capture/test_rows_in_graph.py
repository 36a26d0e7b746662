"""Hashes of rows in a graph: the same numbers as on the host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from doctor.capture.tensorflow.rows import WIDEST, RowTap  # noqa: E402

BOOK: Any = SimpleNamespace(has_room=lambda site: True, hand_fed=lambda *batch: None)
RNG = np.random.default_rng(0)
SPECIAL = np.array([[0.0, 1.0], [-0.0, 1.0], [np.nan, 1.0], [-np.nan, 1.0], [np.inf, 1.0], [2.0, 2.0]], np.float32)

BATCHES = {
    "float32": RNG.normal(size=(8, 5)).astype(np.float32),
    "float64": RNG.normal(size=(8, 5)),
    "pixels": RNG.integers(0, 256, (8, 28, 28, 1)).astype(np.uint8),
    "tokens": RNG.integers(0, 30_000, (8, 12)),
    "truth": RNG.integers(0, 2, (8, 7)).astype(bool),
    "one column": RNG.integers(0, 3, 8).astype(np.float32),
    "special": SPECIAL,
    "more rows than are hashed": RNG.normal(size=(40, 3)).astype(np.float32),
}


def tap(x: np.ndarray, y: np.ndarray, known: bool = True) -> RowTap:
    widths = (x[:1].size if known else None, y[:1].size)
    return RowTap(BOOK, "rows:1", ("x",), ("y",), widths, 16)


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "xla"])
@pytest.mark.parametrize("known", [True, False], ids=["rows of one size", "rows of any size"])
@pytest.mark.parametrize("name", BATCHES)
def test_host_and_graph_agree(name: str, known: bool, compiled: bool) -> None:
    """Also where the size of the batch, or of its rows, is not known when the graph is traced."""
    x = BATCHES[name]
    y = np.arange(len(x))
    rows = tap(x, y, known)
    signature = [tf.TensorSpec([None, *one.shape[1:]], one.dtype) for one in (x, y)]
    if not known:
        signature[0] = tf.TensorSpec([None] * x.ndim, x.dtype)

    @tf.function(input_signature=signature, jit_compile=compiled)
    def measure(inputs: Any, labels: Any) -> Any:
        return rows.in_graph({"x": inputs, "y": labels})

    left = measure(x, y).numpy()
    assert left.shape == (rows.size,) and np.isfinite(left).all()
    (graph,), (host,) = rows.of_row(3, left), rows.of_arrays(3, [x, y])
    assert (graph.step, graph.site) == (host.step, host.site) == (3, "rows:1")
    for part in ("positions", "inputs", "both", "blank"):
        assert getattr(graph, part).tolist() == getattr(host, part).tolist()
    assert len(host.inputs) == min(len(x), 16) and len(set(host.both.tolist())) == len(host.both)


def test_special_values() -> None:
    """Both zeros are one, all NaNs are one, and a row of one value is told."""
    (seen,) = tap(SPECIAL, np.zeros(6)).of_arrays(0, [SPECIAL, np.zeros(6)])
    zero, minus, nan, other, _, _ = seen.inputs.tolist()
    assert zero == minus and nan == other and len(set(seen.inputs.tolist())) == 4
    assert seen.blank.tolist() == [False] * 5 + [True]


def test_labels_of_another_length_are_left_out() -> None:
    x = BATCHES["float32"]
    (seen,) = tap(x, np.zeros(3)).of_arrays(0, [x, np.zeros(3)])
    assert len(seen.inputs) == 8 and not seen.both.any()


def test_rows_that_are_too_wide_are_left_out() -> None:
    rows = tap(BATCHES["float32"], np.zeros(8), known=False)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32), tf.TensorSpec([None], tf.float32)])
    def measure(inputs: Any, labels: Any) -> Any:
        return rows.in_graph({"x": inputs, "y": labels})

    def seen(width: int) -> int:
        return len(rows.of_row(0, measure(np.ones((2, width), np.float32), np.ones(2, np.float32)).numpy()))

    assert (seen(WIDEST), seen(WIDEST + 1), seen(0)) == (1, 0, 0)
