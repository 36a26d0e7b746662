"""Loops over a dataset within a compiled function: the graph makes their body ready anew at each call."""

from __future__ import annotations

import json

import numpy as np

from doctor.recording import OBSERVATION_ROW, Recording
from tests.conftest import ScriptRunner

SCRIPT = """\
import numpy as np
import tensorflow as tf

tf.random.set_seed(0)
rng = np.random.default_rng(0)
x = rng.normal(size=(400, 6)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("int32")
data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(400, seed=1).batch(20)
w1 = tf.Variable(tf.random.stateless_normal([6, 16], [1, 2]) * 0.5)
w2 = tf.Variable(tf.random.stateless_normal([16, 2], [3, 4]) * 0.5)


@tf.function
def epoch(batches):
    total = 0.0
    for a, b in batches:
        with tf.GradientTape() as tape:
            logits = tf.nn.relu(a @ w1) @ w2
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=b, logits=logits))
        for w, g in zip((w1, w2), tape.gradient(loss, (w1, w2))):
            w.assign_sub(0.3 * g)
        total += loss
    return total


for _ in range(12):
    shown = float(epoch(data))
print(shown, float(tf.reduce_sum(w1)), float(tf.reduce_sum(w2)))
"""


def test_counts_go_on_where_statistics_are_rare(run_script: ScriptRunner) -> None:
    """Every loss is seen, statistics in the calls that hold the taps, counts of right answers in the last third too."""
    script = run_script.write("train.py", SCRIPT)
    plain = run_script(script)
    watched = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    assert watched.stdout == plain.stdout != ""
    folder = run_script.folder / "run"
    recording = Recording.open(folder)
    (subject,) = recording.subjects
    assert len(recording.losses(subject.key)) == 240
    rows = np.fromfile(folder / "observations.bin", OBSERVATION_ROW)
    assert set(range(12)) <= set(rows["step"].tolist())
    vectors = [json.loads(line) for line in (folder / "vectors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert max(one["step"] for one in vectors if one["name"] == "correct") >= 160


SEVERAL = """\
import numpy as np
import tensorflow as tf

x = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
data = tf.data.Dataset.from_tensor_slices((x, (x[:, 0] > 0).astype("int32"))).batch(20)


def train(epochs):
    w = tf.Variable(tf.random.stateless_normal([6, 2], [1, 2]))

    @tf.function
    def epoch():
        for a, b in data:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=b, logits=a @ w))
            w.assign_sub(0.3 * tape.gradient(loss, w))

    for _ in range(epochs):
        epoch()


train(41)
train(12)
"""


def test_each_of_several_functions_is_accounted_for(run_script: ScriptRunner) -> None:
    """The first call of the second takes longer than a look from aside waits, which must not hide what it cost."""
    script = run_script.write("train.py", SEVERAL)
    run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    recording = Recording.open(run_script.folder / "run")
    for subject, steps in zip(recording.subjects, (82, 24)):
        assert len(recording.losses(subject.key)) == steps
        (kernel,) = [one for one in recording.sites_of("variable", subject.key)]
        assert len(recording.series("weight", kernel.key, "norm")) <= 8, "of some calls only"
