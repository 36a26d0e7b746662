"""Rule auc-of-logits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier
from tests.conftest import ScriptRunner


def scored(outside: float | None = None, linear: bool | None = True, kind: str = "AUC", **loss: Any) -> Run:
    """A binary classifier that hands a metric what its last layer makes."""
    run = classifier(failing=False, loss={"function": "sigmoid_cross_entropy", "takes": "logits", **loss})
    run = change(run, "output:out", units=1, produced_by="linear")
    return run.site("scored", "auc", line=9, **{"class": kind, "outside": outside, "linear": linear})


def test_logits_in_a_graph(findings: Any) -> None:
    (found,) = findings("auc-of-logits", scored())
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.CERTAIN)
    assert found.location.line == 9 and found.fixes[0].code == "from_logits=True"
    (found,) = findings("auc-of-logits", scored(kind="PrecisionAtRecall"))
    assert found.fixes[0].code == "metric.update_state(y, tf.sigmoid(logits))"


@pytest.mark.parametrize(
    "run",
    [
        scored(linear=False),
        scored(linear=None),
        scored(rescued=True),
        scored(takes="probabilities"),
        scored(function="squared_error"),
        change(scored(), "output:out", produced_by="sigmoid"),
        scored(outside=0.19),
    ],
    ids=["sigmoid", "unknown", "keras-looks-behind", "probabilities", "least-squares", "sigmoid-output", "few-outside"],
)
def test_probabilities(findings: Any, run: Run) -> None:
    assert not findings("auc-of-logits", run)


def test_values_by_hand(findings: Any) -> None:
    """At the threshold; what was seen counts, whatever the loss takes."""
    (found,) = findings("auc-of-logits", scored(outside=0.2, linear=None, takes="probabilities"))
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.2, 0.2)


SCRIPT = """\
import keras
import numpy as np
import tensorflow as tf

x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = (x[:, :1] > 0).astype("float32")
auc = keras.metrics.AUC(name="plain")
told = keras.metrics.AUC(from_logits=True, name="told")
rate = keras.metrics.PrecisionAtRecall(0.8, name="rate")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(
    "sgd",
    keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.AUC(name="compiled"), told],
)
model.fit(x, y, verbose=0)
logits = 9.0 * x[:, :1]
auc.update_state(y, logits)
told.update_state(y, logits)
rate.update_state(y, tf.sigmoid(logits))
auc.reset_state()
print(float(auc.result()))
"""


def test_what_metrics_are_given(run_script: ScriptRunner) -> None:
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    assert done.stdout == "0.0\n", done.stderr
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    seen = {site["name"]: site for site in map(json.loads, lines) if site["kind"] == "scored"}
    assert sorted(seen) == ["compiled", "plain", "rate"]
    assert seen["compiled"]["location"][1] == 14 and seen["compiled"]["attributes"]["linear"] is True
    assert seen["plain"]["location"][1] == 7 and seen["plain"]["attributes"]["outside"] > 0.8
    assert seen["rate"]["attributes"] == {"class": "PrecisionAtRecall", "outside": 0.0, "linear": None}
