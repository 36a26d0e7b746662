"""How much of an attention's weight lies on padding: the same from a graph as on the host."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from doctor.capture.tensorflow.attention import AttentionTap  # noqa: E402

RNG = np.random.default_rng(0)
TOKENS = np.array([[3, 4, 0, 0], [5, 0, 0, 0], [6, 7, 8, 9]])


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 4), (3, 2, 4, 4)], ids=["pooling", "one head", "two heads"])
@pytest.mark.parametrize("mask", ["none", "words", "padding"])
def test_host_and_graph_see_the_same(shape: tuple[int, ...], mask: str) -> None:
    scores = RNG.normal(size=shape).astype(np.float32)
    blank = np.broadcast_to((TOKENS == 0).reshape(3, *(1,) * (len(shape) - 2), 4), shape)
    if mask != "none":
        scores = np.where(blank if mask == "words" else ~blank, np.float32(-1e9), scores)
    weights = tf.nn.softmax(scores).numpy()
    tap = AttentionTap("activation:softmax", "w", "t")
    (seen,) = tap.of_arrays(7, weights, TOKENS)
    (left,) = tap.of_row(7, tf.function(tap.in_graph)(tf.constant(weights), tf.constant(TOKENS)).numpy())
    np.testing.assert_allclose(seen.values, left.values, atol=1e-6)
    assert (seen.step, seen.name, seen.values[1]) == (7, "padding", 5 / 12)
    if mask == "words":
        assert seen.values[0] == pytest.approx(0.0, abs=1e-6)
    elif mask == "padding":  # the third row has none, and is not counted
        assert seen.values[0] == pytest.approx(1.0, abs=1e-6)


def test_batches_that_differ_tell_nothing() -> None:
    tap = AttentionTap("activation:softmax", "w", "t")
    weights: Any = np.full((6, 4), 0.25, np.float32)
    assert tap.of_arrays(0, weights, TOKENS) == [] and tap.of_arrays(0, None, TOKENS) == []
    assert tap.of_row(0, tap.in_graph(tf.constant(weights), tf.constant(TOKENS)).numpy()) == []
