"""Scores that a script computes with scikit-learn."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ScriptRunner

SCRIPT = """\
import pickle

import keras
import numpy as np
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import cross_val_score
from sklearn.dummy import DummyClassifier

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 6)).astype("float32")
y = (x[:, :1] > 0).astype("int64")
cross_val_score(DummyClassifier(), x, y.ravel(), cv=3)
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(x[:40], y[:40], epochs=2, batch_size=8, verbose=0)
guess = model.predict(x[40:], verbose=0) > 0.5
print(accuracy_score(y[40:], guess))
print(r2_score(y_true=x[:40, 0], y_pred=x[:40, 0]))
assert pickle.loads(pickle.dumps(accuracy_score)) is accuracy_score and accuracy_score.__name__ == "accuracy_score"
"""


def test_what_the_script_scores_itself(run_script: ScriptRunner) -> None:
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    assert done.returncode in (0, 1), done.stderr
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    scores = [site for site in map(json.loads, lines) if site["kind"] == "score"]
    assert [(site["name"], site["location"][1]) for site in scores] == [("accuracy_score", 17), ("r2_score", 18)]
    first, second = (site["attributes"] for site in scores)
    assert f"{first['value']}" == done.stdout.splitlines()[0] and first["rows"] == 20
    assert 0.5 <= first["majority"] <= 1 and first["steps"] == 10
    assert second["value"] == pytest.approx(1.0) and second["majority"] is None
