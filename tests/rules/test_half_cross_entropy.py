"""Rule half-cross-entropy."""

from __future__ import annotations

import json
from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series
from tests.conftest import ScriptRunner


def half(answer: float = 0.98, labels: float = 0.3, units: int = 1, row_sum: float = 1.0, **loss: Any) -> Run:
    """Sigmoids whose mean goes to `answer`, under labels of mean `labels`."""
    facts = {"function": "log_probability", "takes": "probabilities", "half": True, **loss}
    run = classifier(failing=False, head="sigmoid", loss=facts)
    run = change(run, "output:out", units=units, produced_by="sigmoid")
    run = change(run, "label:y", encoding="binary", dtype="float32", shape=[32, units])
    run = replace_series(run, "label", "label:y", range(10), mean=labels, std=0.4, min=0, max=1,
                         row_sum_min=row_sum, row_sum_max=row_sum)  # fmt: skip
    return replace_series(run, "output", "output:out", range(10), mean=[*[0.5] * 9, answer], std=0.1, min=0, max=1)


def test_outputs_that_go_to_one(findings: Any) -> None:
    (found,) = findings("half-cross-entropy", half())
    assert (found.fault, found.severity, found.confidence) == ("loss-wrong", Severity.ERROR, Confidence.HIGH)
    assert (found.evidence[0].observed, round(found.evidence[0].limit, 9)) == (0.98, 0.4)
    assert "(1 - y) * log(1 - p)" in found.fixes[0].code


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("half-cross-entropy", half(answer=0.7)) and not findings("half-cross-entropy", half(answer=0.69))
    assert not findings("half-cross-entropy", half(answer=0.98, labels=0.9)), "what the labels ask for"
    assert ruled_out("half-cross-entropy", half(half=False)) and ruled_out("half-cross-entropy", half(answer=0.5))


def test_one_class_among_many(findings: Any) -> None:
    """There the softmax is missing, which output-activation tells."""
    assert not findings("half-cross-entropy", half(units=4))
    assert findings("half-cross-entropy", half(units=4, row_sum=2.0))


def test_not_checked(unchecked: Any) -> None:
    assert unchecked("half-cross-entropy", Run().subject())
    assert unchecked("half-cross-entropy", replace_series(half(), "output", "output:out", [], mean=[]))


SCRIPT = """\
import numpy as np
import tensorflow as tf

x = tf.constant(np.random.default_rng(0).uniform(size=(64, 4)).astype("float32"))
log = tf.math.log
losses = [
    lambda z, p: tf.reduce_mean(tf.reduce_sum(-x * log(p), axis=1)),
    lambda z, p: -tf.reduce_mean(x * log(p) + (1 - x) * log(1 - p)),
    lambda z, p: -tf.reduce_mean(x * log(p) + (1 - x) * tf.math.log1p(-p)),
    lambda z, p: -tf.reduce_mean(x * log(p)) + tf.reduce_mean((1 - x) * tf.nn.softplus(z)),
]
for loss in losses:
    w = tf.Variable(tf.random.stateless_normal([4, 4], [1, 2]))

    @tf.function
    def train():
        with tf.GradientTape() as tape:
            z = tf.matmul(x, w)
            value = loss(z, tf.clip_by_value(tf.sigmoid(z), 1e-6, 1 - 1e-6))
        w.assign_sub(0.5 * tape.gradient(value, w))

    for _ in range(60):
        train()
"""


def test_what_losses_by_hand_hold(run_script: ScriptRunner) -> None:
    """Only the first lacks the other half, and only there the outputs go to one."""
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--format", "json", "--run-dir", "run", script)
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    seen = [site for site in map(json.loads, lines) if (site["kind"], site["attributes"].get("head")) == ("loss", 0)]
    assert [one["attributes"].get("half") for one in seen] == [True, False, False, False]
    found = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "half-cross-entropy"]
    assert [one["location"]["line"] for one in found] == [7]
