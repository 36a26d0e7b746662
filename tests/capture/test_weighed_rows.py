"""Rows that a weight of zero leaves out: one graph or table that is trained on and validated on in parts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from doctor.capture.tensorflow.arrays import _weighed
from tests.conftest import ScriptRunner

SCRIPT = """\
import keras
import numpy as np

x = np.random.default_rng(0).normal(size=(90, 4)).astype("float32")
y = (x[:, :1] > 0).astype("float32")
part = np.arange(90) % 3
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, sample_weight=(part == 0) * 1.0, batch_size=90, epochs=2, verbose=0,
          validation_data=(x, y, (part == 1) * 1.0))
"""


def test_fit_with_a_mask(run_script: ScriptRunner) -> None:
    """A transductive training: every row stands in both arrays, and no row is trained on that is validated on."""
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    sets = [site for site in map(json.loads, lines) if site["kind"] == "rows" and site["attributes"]["of"] == "arrays"]
    assert [(one["phase"], one["attributes"]["rows"]) for one in sets] == [("train", 30), ("eval", 30)], done.stderr
    assert "leakage" not in done.stderr


@pytest.mark.parametrize(
    "weights", [None, np.ones(4), np.zeros((4, 2)), np.zeros(3), {"a": np.zeros(4)}, np.array(list("abcd"))]
)
def test_all_rows_count(weights: object) -> None:
    assert _weighed(weights, 4) is None
