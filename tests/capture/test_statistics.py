"""The statistics of a tensor, in NumPy and in a graph."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from doctor.capture.statistics import summarise
from tests.conftest import ScriptRunner


def test_plain_values() -> None:
    """Each statistic of a small matrix, by hand."""
    stats = summarise(np.array([[0.0, 1.0, -3.0], [0.0, 0.0, 5.0]], dtype=np.float32))
    assert stats["size"] == 6
    assert (stats["min"], stats["max"]) == (-3, 5)
    assert stats["mean"] == pytest.approx(0.5)
    assert stats["std"] == pytest.approx(np.sqrt((9 + 25 + 1) / 6 - 0.25))
    assert stats["abs_mean"] == pytest.approx(1.5)
    assert stats["norm"] == pytest.approx(np.sqrt(35))
    assert stats["zero_share"] == pytest.approx(0.5)
    assert stats["dead_unit_share"] == pytest.approx(1 / 3)
    assert stats["unit_std"] == pytest.approx((0 + 0.5 + 4) / 3)
    assert (stats["row_sum_min"], stats["row_sum_max"]) == (-2, 5)
    assert stats.histogram is not None and stats.histogram.sum() == 6


def test_values_that_are_not_finite_are_counted_and_left_out() -> None:
    """NaN and infinities never reach the other statistics."""
    stats = summarise(np.array([[1.0, np.nan], [np.inf, 3.0]], dtype=np.float32))
    assert (stats["nan_count"], stats["inf_count"]) == (1, 1)
    assert (stats["min"], stats["max"], stats["mean"]) == (1, 3, 2)
    assert summarise(np.full((2, 2), np.nan))["nan_count"] == 4


def test_large_values_do_not_overflow() -> None:
    """The squares of 1e30 do not fit into float32; their norm does."""
    assert summarise(np.full((4, 4), 1e30, np.float32))["norm"] == pytest.approx(4e30, rel=1e-5)


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.array(2.0), np.arange(5), np.array([True, False])])
def test_odd_shapes_and_types(array: np.ndarray) -> None:
    """Empty, scalar, integer and boolean tensors have statistics too."""
    stats = summarise(array)
    assert stats["size"] == array.size
    if array.size:
        assert stats["mean"] == pytest.approx(float(array.mean()))


TWIN = """
import json, sys
import numpy as np
import tensorflow as tf
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow.graph_statistics import summaries
rng = np.random.RandomState(0)
arrays = [rng.randn(64, 10), rng.rand(7), np.array(3.0), np.zeros((4, 5)), np.abs(rng.randn(3, 4, 4, 2)) * 1e20,
          np.where(rng.rand(9, 8) < 0.2, np.nan, rng.randn(9, 8)), np.full((2, 2), np.inf), np.zeros((0, 4))]
worst = 0.0
for array in arrays:
    array = array.astype("float32")
    graph, host = summaries([tf.constant(array)])[0].numpy(), summarise(array)
    expected = np.concatenate([host.values, host.histogram])
    worst = max(worst, float(np.max(np.abs(graph - expected) / (1e-5 + np.abs(expected)))))
print(json.dumps(worst))
"""


LARGE = """
import json
import numpy as np
import tensorflow as tf
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow.graph_statistics import LARGE, summaries
from doctor.types import STAT_FIELDS
rng = np.random.RandomState(0)
sparse = np.zeros((5000, 32), "float32")
sparse[17] = 0.5
arrays = dict(
    weights=rng.randn(784, 64) * 0.05, relu=np.maximum(rng.randn(64 * 26 * 26, 16), 0),
    shifted=1000 + rng.randn(900, 40),
    dead=np.maximum(rng.randn(600, 64), 0) * (np.arange(64) % 4 > 0), sparse=sparse, faint=rng.randn(700, 50) * 1e-14,
    holes=np.where(rng.rand(600, 60) < 0.1, np.nan, rng.randn(600, 60)), huge=rng.randn(600, 60) * 1e30,
    one_row=rng.randn(1, 90000), wide=rng.randn(12, 9000), period=np.tile([0.0, 0.0, 1.0, 1.0], 15000).reshape(-1, 4),
    rows=np.repeat(np.arange(28 * 40) % 28 < 8, 50).reshape(-1, 50).astype(float),
)
names = list(arrays)
rows = tf.function(lambda *given: summaries(given))(*(tf.constant(arrays[name], tf.float32) for name in names)).numpy()
found = {}
for name, row in zip(names, rows):
    assert arrays[name].size > LARGE
    host = summarise(arrays[name].astype("float32"))
    found[name] = {field: [float(row[i]), float(host[field])] for i, field in enumerate(STAT_FIELDS)}
    counts, truth = row[len(STAT_FIELDS):], host.histogram
    found[name]["histogram"] = [float(np.abs(counts - truth).sum() / truth.sum()), 0.0]
    found[name]["total"] = [float(counts.sum()), float(truth.sum())]
print(json.dumps(found))
"""
EXACT = ("size", "nan_count", "inf_count", "min", "max", "mean", "norm", "dead_unit_share", "total")


def test_large_tensors_are_measured_in_part(run_script: ScriptRunner) -> None:
    """Extremes, mean and norm are exact; shares and spreads are those of a part of the rows, that is like the whole."""
    done = run_script(run_script.write("large.py", LARGE))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for name, fields in found.items():
        for field in EXACT:
            graph, host = fields[field]
            assert graph == pytest.approx(host, rel=2e-5, abs=1e-5 * abs(fields["max"][1])), (name, field)
    for name in ("weights", "relu", "shifted", "dead", "faint", "holes", "huge", "one_row", "wide", "period", "rows"):
        fields = found[name]
        for field in ("std", "abs_mean", "unit_std", "example_std"):
            graph, host = fields[field]
            assert graph == pytest.approx(host, rel=0.06, abs=1e-6 * abs(fields["max"][1])), (name, field)
        for field in ("zero_share", "low_share", "high_share", "negative_high_share", "stuck_sigmoid_share"):
            assert fields[field][0] == pytest.approx(fields[field][1], abs=0.02), (name, field)
        assert fields["histogram"][0] < 0.1, name
    # Rows of which nearly all are zero: what the part does not hold is not called zero.
    graph, host = found["sparse"]["std"]
    assert found["sparse"]["abs_mean"][0] > 0 and graph == pytest.approx(host, rel=1e-3)


def test_graph_twin_agrees(run_script: ScriptRunner) -> None:
    """The same numbers come out of the graph, to float32 precision."""
    script: Path = run_script.write("twin.py", TWIN)
    done = run_script(script)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) < 1e-3
