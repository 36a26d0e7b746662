"""A compiled forward pass that is called within a compiled step, or by `fit`."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

STEP = """\
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)


class Net(tf.Module):
    def __init__(self):
        self.first = keras.layers.Dense(32, activation="relu")
        self.second = keras.layers.Dense(32, activation="tanh")
        self.last = keras.layers.Dense(3)

    @tf.function
    def __call__(self, x):
        return self.last(self.second(self.first(x)))


x = np.random.randn(2000, 10).astype("float32")
y = np.argmax(x[:, :3], 1)
net = Net()
net(x[:2])
layers = (net.first, net.second, net.last)
weights = [one for layer in layers for one in layer.trainable_variables]
optimizer = keras.optimizers.Adam(1e-2)
optimizer.build(weights)
entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def step(a, b):
    with tf.GradientTape() as tape:
        loss = entropy(b, net(a))
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


@tf.function
def accuracy(a, b):
    return tf.reduce_mean(tf.cast(tf.argmax(net(a), 1) == b, tf.float32))


first = tf.nn.relu(net.first(x[:32]))
print("first", float(tf.reduce_mean(first)), float(tf.math.reduce_std(first)))
for epoch in range(4):
    for i in range(0, 1600, 32):
        loss = step(x[i:i + 32], y[i:i + 32])
    print(float(loss), float(accuracy(x[1600:], y[1600:])))
"""

FIT = """\
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Dense(32)
        self.second = keras.layers.Dense(16)
        self.last = keras.layers.Dense(3, activation="softmax")

    @tf.function
    def call(self, x, training=False):
        return self.last(self.second(self.first(x)))


x = np.random.randn(2000, 10).astype("float32")
y = np.argmax(x[:, :3], 1)
net = Net()
net(x[:2])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(x[:1600], y[:1600], validation_data=(x[1600:], y[1600:]), epochs=4, verbose=2)
print(float(tf.reduce_sum(net.last.kernel)))
"""


def accuracy_of(recording: Recording, key: str) -> float:
    """Share of right predictions of all that were counted at an output."""
    right, total = np.sum([values for _, values in recording.vectors(key, "correct")], axis=0)[:2]
    return float(right / total)


def test_a_forward_pass_within_a_step(run_script: ScriptRunner) -> None:
    script = run_script.write("step.py", STEP)
    diagnosed = diagnose(run_script, script)
    assert diagnosed.stdout == run_script(script).stdout
    recording = diagnosed.recording
    found = {site.name: site.attributes["function"] for site in recording.sites_of("activation")}
    assert found == {"dense": "relu", "dense_1": "tanh"}
    (relu,) = [site for site in recording.sites_of("activation") if site.name == "dense"]
    steps = recording.observed_steps("activation", relu.key)
    assert steps[:10].tolist() == list(range(10)) and steps[-1] > 10
    # Of the training batch, and not of the one that is evaluated.
    told = [float(one) for one in diagnosed.stdout.splitlines()[0].split()[1:]]
    stats = recording.stats("activation", relu.key, 0)
    assert stats is not None and [stats["mean"], stats["std"]] == pytest.approx(told, rel=1e-3)
    assert stats["size"] == 32 * 32
    assert accuracy_of(recording, "eval:output:1:0") > 0.5 < accuracy_of(recording, "output:1:0")
    assert diagnosed.report["verdict"] == "healthy" and recording.run.not_captured == ()


def test_a_call_that_fit_makes(run_script: ScriptRunner) -> None:
    """What happens inside is seen: two hidden layers of which none has an activation."""
    diagnosed = diagnose(run_script, run_script.write("fit.py", FIT))
    recording = diagnosed.recording
    (output,) = recording.sites_of("output")
    assert (output.attributes["units"], output.attributes["produced_by"]) == (3, "softmax")
    assert accuracy_of(recording, output.key) > 0.5 < accuracy_of(recording, "eval:output:1:0")
    assert [found["rule"] for found in diagnosed.report["findings"]] == ["no-nonlinearity"]
    assert diagnosed.report["findings"][0]["location"]["line"] == 11
