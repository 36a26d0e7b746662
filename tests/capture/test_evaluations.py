"""How good a model is on what it was fitted to is kept apart from how good it is on other data."""

from __future__ import annotations

import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

SCRIPT = """\
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(1)
x = np.random.randn(128, 20).astype("float32")
y = np.random.randint(0, 2, 128)  # learned by heart
new = np.random.randn(128, 20).astype("float32")
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(64)
model = keras.Sequential([keras.layers.Dense(64, "relu"), keras.layers.Dense(2)])
model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(True))
model.fit(FITTED, epochs=60, verbose=0)
for _ in range(2):
    model.evaluate(FITTED, verbose=0)
    NEW
"""


@pytest.mark.parametrize(
    ("fitted", "new"),
    [
        ("x[:], y", "model.evaluate(new, 1 - y, verbose=0)"),
        ("data", "model.evaluate(data.map(lambda a, b: (tf.reverse(a, [0]), 1 - b)), verbose=0)"),
        ("x, y", ""),
    ],
    ids=["arrays", "dataset", "nothing else"],
)
def test_evaluated_on_what_it_was_fitted_to(run_script: ScriptRunner, fitted: str, new: str) -> None:
    script = run_script.write("train.py", SCRIPT.replace("FITTED", fitted).replace("NEW", new))
    result = diagnose(run_script, script)
    known, other = (_predictions(result.recording, name) for name in ("fitted_correct", "correct"))
    assert known and all(hits == total for hits, total in known)
    assert bool(other) is bool(new)
    if new:
        assert sum(hits for hits, _ in other) < 0.75 * sum(total for _, total in other)


def _predictions(recording: Recording, name: str) -> list[tuple[float, float]]:
    return [
        (values[0], values[1])
        for site in recording.sites_of("output", phase="eval")
        for _, values in recording.vectors(site.key, name)
    ]


COMPARED = """\
import keras
import numpy as np
import tensorflow as tf

x = np.random.randn(64, 5).astype("float32")
y = (x[:, 0] > 0).astype("float32")
model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
optimizer = keras.optimizers.Adam(0.01)
def hits(t, z):
    return tf.reduce_mean(tf.cast(tf.equal(tf.cast(z > 0, tf.float32), t), tf.float32))
FUNCTION
def test(a, t):
    return hits(t, model(a))
for _ in range(3):
    with tf.GradientTape() as tape:
        z = model(x)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y[:, None], z))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    test(tf.constant(x), tf.constant(LABELS))
"""


@pytest.mark.parametrize("function", ["", "@tf.function"], ids=["eager", "graph"])
@pytest.mark.parametrize(("labels", "expected"), [("y", [10]), ("y[:, None]", [])], ids=["apart", "alike"])
def test_predictions_compared_with_labels_of_another_shape(
    run_script: ScriptRunner, function: str, labels: str, expected: list[int]
) -> None:
    """(64, 1) against (64,): every prediction with every label."""
    source = COMPARED.replace("FUNCTION", function).replace("LABELS", labels)
    recording = diagnose(run_script, run_script.write("train.py", source)).recording
    found = recording.sites_of("comparison", phase="eval")
    assert [site.location.line for site in found if site.location is not None] == expected
