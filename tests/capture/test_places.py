"""Lines that a recording names: of helpers that make layers, of layers of one's own, of evaluations in a mode."""

from __future__ import annotations

from typing import Iterator

import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import Diagnosed, diagnose

SCRIPT = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(1)
values = np.sin(np.arange(400) / 9.0).astype("float32")[:, None]


def windows(low, high):
    return keras.utils.timeseries_dataset_from_array(
        values[low:high], values[low + 8:high, 0], sequence_length=8, batch_size=32)


class Scaled(layers.Layer):
    def build(self, shape):
        self.factor = self.add_weight(name="factor", shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.factor


def block(width, function="relu"):
    return layers.Dense(width, activation=function)


def forward(model, x, training=True):
    return model(x, training=training)


model = keras.Sequential([
    keras.Input((8, 1)),
    layers.Flatten(),
    Scaled(),
    block(8),
    layers.BatchNormalization(),
    block(1, None),
])
optimizer = keras.optimizers.Adam(0.01)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        output = forward(model, x)
        error = y - output
        loss = tf.reduce_mean(tf.where(tf.abs(error) < 1.0, 0.5 * error ** 2, tf.abs(error) - 0.5))
        both = tf.reduce_sum(tf.stack([loss, 0.0 * tf.reduce_mean(output)]))
    optimizer.apply_gradients(zip(tape.gradient(both, model.trainable_variables), model.trainable_variables))


train, held_out = windows(0, 300), windows(300, 400)
for epoch in range(2):
    for x, y in train:
        step(x, y)
for x, y in held_out:
    print(forward(model, x).shape)
"""

WITHOUT_LOSS = """\
import numpy as np
import tensorflow as tf

x = np.random.randn(64, 4, 6).astype("float32")
net = tf.keras.Sequential([tf.keras.layers.Dense(5, activation="elu"), tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.SGD(0.01)


@tf.function
def score(batch):
    return tf.reshape(net(tf.reshape(batch, [-1, 6])), [-1, 4])


for _ in range(12):
    with tf.GradientTape() as tape:
        scores = score(x)
    slopes = tf.constant(np.sign(scores.numpy()).astype("float32"))
    gradients = tape.gradient(scores, net.trainable_variables, output_gradients=slopes)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
"""


def line(word: str, source: str = SCRIPT) -> int:
    return next(number for number, text in enumerate(source.splitlines(), 1) if word in text)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diagnosed]:
    runner = ScriptRunner(tmp_path_factory.mktemp("places"))
    yield diagnose(runner, runner.write("train.py", SCRIPT))


@pytest.fixture
def recording(places: Diagnosed) -> Recording:
    return places.recording


def test_a_helper_that_makes_layers_and_who_called_it(recording: Recording) -> None:
    kernels = [site for site in recording.sites_of("variable") if site.name.endswith("/kernel")]
    assert [site.location.line for site in kernels if site.location] == [line("return layers.Dense")] * 2
    assert [site.attributes["called_from"][1] for site in kernels] == [line("block(8)"), line("block(1, None)")]


def test_a_layer_that_says_itself_how_a_variable_starts(recording: Recording) -> None:
    lines = {site.name.split("/")[1]: site.location.line for site in recording.sites_of("variable") if site.location}
    assert lines["factor"] == line("self.add_weight")
    assert lines["kernel"] == line("return layers.Dense")


def test_each_array_of_a_series_is_described(recording: Recording) -> None:
    """The second call's slices may have the ids of the first one's, which are gone."""
    shapes = [site.attributes["shape"] for site in recording.sites_of("array") if "timeseries" in site.location.code]
    assert sorted(shapes) == [[92], [100, 1], [292], [300, 1]]


def test_labels_that_broadcast_in_a_part_of_a_sum(places: Diagnosed) -> None:
    assert places.primary["fault"] == "loss-shape" and places.primary["location"]["line"] == line("error = y - output")


def test_an_evaluation_in_a_mode_that_a_helper_hands_on(places: Diagnosed) -> None:
    (mode,) = [finding for finding in places.report["findings"] if finding["fault"] == "train-mode"]
    assert mode["location"]["line"] == line("print(forward(")


def test_gradients_of_scores_that_a_compiled_function_made(run_script: ScriptRunner) -> None:
    """There is no loss, and what the function was fed is not at hand: every step is counted all the same."""
    found = diagnose(run_script, run_script.write("rank.py", WITHOUT_LOSS))
    (subject,) = found.recording.subjects
    assert (subject.attributes["gradient_calls"], subject.attributes["applied_steps"]) == (12, 12)
    assert found.recording.run.not_captured == ()
