"""Dropout in a branch of tf.cond, as in ports of older code."""

from __future__ import annotations

import json

from tests.conftest import ScriptRunner

SCRIPT = """\
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
x, y = tf.placeholder(tf.float32, [None, 8]), tf.placeholder(tf.float32, [None, 1])
training, kept = tf.placeholder(tf.bool, []), tf.placeholder(tf.float32, [])
h = tf.nn.relu(tf.matmul(x, tf.get_variable("w", [8, 16])))
h = tf.cond(training, lambda: tf.nn.dropout(h, rate=0.95), lambda: h)
h = tf.cond(training, lambda: tf.nn.dropout(h, keep_prob=0.7), lambda: h)
h = tf.cond(training, lambda: tf.nn.dropout(h, rate=1 - kept), lambda: h)
h = tf.nn.dropout(h, rate=0.2)
loss = tf.reduce_mean(tf.square(tf.matmul(h, tf.get_variable("v", [16, 1])) - y))
step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(12):
        a = np.random.normal(size=(16, 8))
        sess.run([step, loss], {x: a, y: a[:, :1], training: True, kept: 0.9})
"""


def test_rates_that_stand_in_the_source(run_script: ScriptRunner) -> None:
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    assert done.returncode in (0, 1), done.stderr
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    found = [site for site in map(json.loads, lines) if site["kind"] == "dropout"]
    # What a feed decides is no constant; what stands in no branch is found from the loss.
    assert sorted((site["location"][1], round(site["attributes"]["rate"], 3)) for site in found) == [
        (8, 0.95), (9, 0.3), (11, 0.2),
    ]  # fmt: skip
