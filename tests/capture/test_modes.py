"""What is seen of dropout, batch normalisation, penalties, metrics and heads: two whole scripts."""

from __future__ import annotations

from typing import Iterator

import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

LOOP = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(1)
x = np.random.randn(600, 12).astype("float32")
y = (x[:, 0] + x[:, 1] > 0).astype("float32")[:, None]
model = tf.keras.Sequential([
    layers.Dense(16, activation="relu"),
    layers.BatchNormalization(momentum=0.9),
    layers.Dropout(0.4),
    layers.Dense(1),
])
factor = tf.Variable(tf.ones([12]) * 0.5)
optimizer = tf.keras.optimizers.Adam(0.01)
accuracy = tf.keras.metrics.BinaryAccuracy()


@tf.function
def step(a, b):
    with tf.GradientTape() as tape:
        z = model(a * factor, training=True)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=b, logits=z))
        whole = loss + 1e-3 * tf.reduce_sum(factor * factor)
    variables = [*model.trainable_variables, factor]
    optimizer.apply_gradients(zip(tape.gradient(whole, variables), variables))
    accuracy.update_state(b, tf.sigmoid(z))


for epoch in range(3):
    for i in range(0, 600, 50):
        step(x[i:i + 50], y[i:i + 50])
    print(float(accuracy.result()))
print(model(x[:100] * factor, training=True).shape)


def kept(z):
    z = z * tf.cast(tf.random.uniform(tf.shape(z)) < 0.7, z.dtype) / 0.7
    z = tf.where(0.45 > tf.random.uniform(tf.shape(z)), 0.0, z)
    return z * tf.floor(0.9 + tf.random.uniform(tf.shape(z)))


print(kept(tf.nn.dropout(model(x[:100] * factor), 0.25)).shape)
"""

FIT = """\
import keras
import numpy as np

keras.utils.set_random_seed(2)
x = np.random.randn(400, 6).astype("float32")
label = (x[:, 0] > 0.8).astype(int)
entry = keras.Input((6,))
hidden = keras.layers.Dense(12, activation="gelu")(entry)
middle = keras.layers.Dense(8)(hidden)
end = keras.layers.Dense(2, activation="softmax")(keras.layers.Dense(8)(middle))
model = keras.Model(entry, end)
start = [w * 1.0 for w in model.get_weights()]
model.set_weights(start)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(x, keras.utils.to_categorical(label), epochs=4, verbose=0, class_weight={0: 1.0, 1: 3.0})
model.set_weights(start)  # back
"""

#: The flag is read while the function is traced, and never again.
FLAG = """\
import keras
import numpy as np
import tensorflow as tf


class Net(tf.Module):
    def __init__(self):
        self.w = tf.Variable(tf.random.normal([6, 8]))
        self.norm = keras.layers.BatchNormalization(momentum=0.5)
        self.v = tf.Variable(tf.random.normal([8, 1]))
        self.flag = True

    @tf.function
    def __call__(self, x):
        h = self.norm(tf.nn.relu(x @ self.w), training=self.flag)
        if self.flag:
            h = tf.nn.dropout(h, 0.3)
        return h @ self.v


net = Net()
x = np.random.randn(200, 6).astype("float32")
y = x[:, :1]
optimizer = keras.optimizers.SGD(0.01)
for epoch in range(30):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((net(x) - y) ** 2)
    variables = net.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
net.flag = False
print(float(tf.reduce_mean((net(x) - y) ** 2)))
"""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Recording, Recording]]:
    """Of the loop and of fit."""
    found = []
    for name, source in (("loop", LOOP), ("fit", FIT)):
        runner = ScriptRunner(tmp_path_factory.mktemp(name))
        found.append(diagnose(runner, runner.write(f"{name}.py", source)).recording)
    yield found[0], found[1]


def line(source: str, text: str) -> int:
    return next(number for number, one in enumerate(source.splitlines(), 1) if text in one)


def test_modes_of_keras_layers(recordings: tuple[Recording, Recording]) -> None:
    """The mode of every call, and the line that chose the wrong one."""
    layers = {site.attributes["class"]: site for site in recordings[0].sites_of("modal")}
    assert set(layers) == {"BatchNormalization", "Dropout"}
    for name, rate, momentum in (("BatchNormalization", None, 0.9), ("Dropout", 0.4, None)):
        facts = layers[name].attributes
        assert (facts["train"], facts["eval"]) == ([True], [True, False])
        assert (facts["rate"], facts["momentum"]) == (rate, momentum)
        assert facts["eval_line"][1] == line(LOOP, "[:100] * factor, training=True")


def test_dropout_of_whoever_wrote_it(recordings: tuple[Recording, Recording]) -> None:
    (trained,) = recordings[0].sites_of("dropout")
    assert trained.attributes["layer"] == "dropout" and round(trained.attributes["rate"], 6) == 0.4
    held = recordings[0].sites_of("dropout", phase="eval")
    assert [round(site.attributes["rate"], 6) for site in held] == [0.25, 0.3, 0.45, 0.1]
    assert {site.attributes["layer"] for site in held} == {None}
    assert [site.location.line for site in held if site.location] == [
        line(LOOP, "tf.nn.dropout"), line(LOOP, "< 0.7"), line(LOOP, "0.45 >"), line(LOOP, "tf.floor")
    ]  # fmt: skip


def test_metrics_of_a_loop(recordings: tuple[Recording, Recording]) -> None:
    (metric,) = recordings[0].sites_of("metric")
    assert metric.attributes["class"] == "BinaryAccuracy"
    assert metric.location is not None and metric.location.line == line(LOOP, "accuracy = ")
    assert [result[2] for result in metric.attributes["results"]] == [600.0, 1200.0, 1800.0]
    assert not recordings[1].sites_of("metric"), "those of fit are Keras's own"


def test_penalties_are_found_and_the_loss_ends_where_the_data_does(recordings: tuple[Recording, Recording]) -> None:
    (penalty,) = recordings[0].sites_of("penalty")
    assert penalty.location is not None and penalty.location.line == line(LOOP, "whole = ")
    (loss,) = recordings[0].sites_of("loss")
    assert loss.attributes["end"][1] == line(LOOP, "loss = tf.reduce_mean")


def test_flattened_logits_keep_their_width(recordings: tuple[Recording, Recording]) -> None:
    """Keras flattens them before a categorical cross-entropy, to a shape that the graph does not know."""
    (output,) = recordings[1].sites_of("output")
    assert (output.attributes["units"], output.attributes["activated_by"]) == (2, "softmax")
    for step, hits in recordings[1].vectors(output.key, "hits"):
        correct = dict((at, values) for at, values in recordings[1].vectors(output.key, "correct"))[step]
        assert len(hits) == 2 and hits.sum() == correct[0]


def test_straight_lines_and_gelu(recordings: tuple[Recording, Recording]) -> None:
    found = {site.name: site.attributes for site in recordings[1].sites_of("activation")}
    assert found["dense"]["function"] == "gelu"
    linear = [facts for facts in found.values() if facts["function"] == "linear"]
    assert len(linear) == 2 and all(facts["straight"] for facts in linear)


def test_weights_that_were_set(recordings: tuple[Recording, Recording]) -> None:
    kernels = [site for site in recordings[1].sites_of("variable") if site.attributes["role"] == "kernel"]
    assert {site.attributes["set_at"][1] for site in kernels} == {line(FIT, "model.set_weights")}
    assert all(site.attributes["set_at"] is None for site in recordings[0].sites_of("variable"))


def test_weights_that_are_put_back(recordings: tuple[Recording, Recording]) -> None:
    """Norm and mean of the largest kernel, after the steps that were done; what came before the training is none."""
    (subject,) = recordings[1].subjects
    ((steps, key, norm, mean, path, number, _),) = subject.attributes["put_back"]
    first = recordings[1].stats("weight", key, 0)
    assert first is not None and (steps, number) == (4 * 13, line(FIT, "# back"))
    assert (norm, mean) == (pytest.approx(first["norm"], rel=1e-6), pytest.approx(first["mean"], rel=1e-5))
    assert "put_back" not in recordings[0].subjects[0].attributes


def test_modes_that_a_compiled_function_was_traced_with(run_script: ScriptRunner) -> None:
    recording = diagnose(run_script, run_script.write("flag.py", FLAG)).recording
    (norm,) = recording.sites_of("modal")
    assert (norm.attributes["train"], norm.attributes["eval"]) == ([True], [True])
    assert norm.attributes["eval_line"][1] == line(FLAG, "print(")
    (dropout,) = recording.sites_of("dropout", phase="eval")
    assert round(dropout.attributes["rate"], 6) == 0.3
    assert dropout.location is not None and dropout.location.line == line(FLAG, "tf.nn.dropout")


CELLS = """\
import keras
import numpy as np

x = np.random.randn(40, 6, 3).astype("float32")
model = keras.Sequential([
    keras.layers.LSTM(8, dropout=0.2, recurrent_dropout=0.3, return_sequences=True),
    keras.layers.RNN([keras.layers.GRUCell(4), keras.layers.SimpleRNNCell(4, dropout=0.4)]),
    keras.layers.Dense(1),
])
model.compile("adam", "mse")
model.fit(x, x[:, 0, 0], verbose=0)
"""


def test_rates_of_recurrent_cells(run_script: ScriptRunner) -> None:
    """Their masks are made once a batch and used within a loop."""
    sites = diagnose(run_script, run_script.write("cells.py", CELLS)).recording.sites_of("dropout")
    found = {(site.location.line, site.attributes["argument"]): site.attributes["rate"] for site in sites}
    assert found == {(6, "dropout"): 0.2, (6, "recurrent_dropout"): 0.3, (7, "dropout"): 0.4}
