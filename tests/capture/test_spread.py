"""How far outputs of several values differ from row to row: the same in an eager loop, a graph and `fit`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

#: A decoder of one weight: outputs are half of what goes in, then of a mean picture, and logits.
SCRIPT = """\
import keras
import numpy as np
import tensorflow as tf

pictures = np.random.default_rng(0).uniform(size=(16, 3, 4)).astype("float32")

class Half(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.5))
    def call(self, x):
        return self.w * x

def train(make):
    w = tf.Variable(0.5)
    def step(x):
        with tf.GradientTape() as tape:
            loss = make(x, w)
        w.assign_sub(1e-6 * tape.gradient(loss, w))
    return step

eager = train(lambda x, w: tf.reduce_mean((w * x - x) ** 2))
eager(tf.constant(pictures))
def flat(x, w):
    z = w * tf.reduce_mean(x, 0, keepdims=True) * tf.ones_like(x)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=z))
graph = tf.function(train(flat))
graph(tf.constant(pictures))
model = keras.Sequential([keras.Input((3, 4)), Half()])
model.compile(keras.optimizers.SGD(1e-6), "mse")
model.fit(pictures, pictures, batch_size=16, verbose=0)
reshaped = train(lambda x, w: tf.reduce_mean((tf.reshape(w * tf.reshape(x, (-1, 12)), (-1, 3, 4)) - x) ** 2))
reshaped(tf.constant(pictures))
tf.function(train(lambda x, w: tf.reduce_mean((tf.reshape(w * tf.reshape(x, (-1, 12)), (-1, 3, 4)) - x) ** 2)))(
    tf.constant(pictures)
)
"""


def test_the_spread_of_outputs_is_seen_beside_that_of_labels(run_script: ScriptRunner) -> None:
    recording = diagnose(run_script, run_script.write("script.py", SCRIPT)).recording
    pictures = np.random.default_rng(0).uniform(size=(16, 3, 4))
    spread = float(((pictures - pictures.mean(axis=0)) ** 2).sum())
    seen = [
        [values.tolist() for _, values in recording.vectors(output.key, "row_spread")][0]
        for subject in recording.subjects
        for output in recording.sites_of("output", subject.key)
    ]
    expected = [[spread / 4, spread], [0.0, spread], *[[spread / 4, spread]] * 3]
    assert seen == [pytest.approx(row, rel=1e-4, abs=1e-6) for row in expected]
