"""Where the way of the gradient is cut."""

from __future__ import annotations

import pytest

from doctor.reading.cuts import blocked, cut, listed_at
from doctor.types import Location
from tests.reading.test_loops import recorded

KEPT = """\
def compute_loss(labels, logits):
    for i in range(3):
        per_head[i].assign(criterion(labels, logits[i]))
    return tf.reduce_mean(per_head)

with tf.GradientTape() as tape:
    loss = compute_loss(y, net(x))
"""
CODES = """\
class Code(keras.layers.Layer):
    def call(self, x):
        index = tf.cast(x[:, 0], tf.int32)
        return tf.cast(x > 0.5, x.dtype)

with tf.GradientTape() as tape:
    hits = tf.cast(tf.argmax(z, 1) == y, tf.float32)
    loss = criterion(y, coder(x))
"""


def test_a_value_that_goes_through_a_variable() -> None:
    found = cut(recorded(KEPT))
    assert found is not None and found.line == 3
    assert cut(recorded(KEPT.replace("tf.reduce_mean(per_head)", "tf.reduce_mean(logits)"))) is None
    assert cut(recorded(KEPT.replace(".assign(", ".append("))) is None


@pytest.mark.parametrize(("everything", "line"), [(False, 4), (True, 3)])
def test_steps_under_the_tape(everything: bool, line: int) -> None:
    """Where some variables get a gradient, whole numbers are indices."""
    found = blocked(recorded(CODES), everything)
    assert found is not None and found.line == line


def test_steps_within_what_fit_differentiates() -> None:
    """No tape is written: `call` of layers, what a Lambda does, and what stands in the file itself."""
    helper = "def plot(model):\n    return model(x).numpy()\n\n"
    layer = "class Bits(Layer):\n    def call(self, p):\n        return ops.cast(tf.round(p), p.dtype)\n"
    assert blocked(recorded(helper + layer), False) == Location("train.py", 6, "return ops.cast(tf.round(p), p.dtype)")
    assert cut(recorded(helper + layer)) is None  # the plot is drawn after the training
    found = cut(recorded(helper + layer.replace("tf.round(p)", "p.numpy()")))
    assert found is not None and found.line == 6
    for source, line in (
        ("shown = np.round(x, 2)\nh = layers.Dense(8)(x)\nh = keras.ops.sign(h)\n", 3),
        ("h = layers.Lambda(lambda z: tf.floor(z))(h)\n", 1),
        ("shown = np.round(x, 2)\n", None),
    ):
        found = blocked(recorded(source), False)
        assert (found.line if found is not None else None) == line


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("tf.where(soft > 0, 1.0, -1.0)", 2),
        ("tf.where(soft > 0, tf.ones_like(soft), tf.zeros_like(soft))", 2),
        ("tf.cast(tf.greater(soft, 0.0), tf.float32)", 2),
        ("tf.where(soft > 0, soft, 0.1 * soft)", None),
        ("tf.where(y == 1, 1.0, 0.0)", None),
    ],
)
def test_a_choice_between_constants(code: str, line: int | None) -> None:
    found = blocked(recorded(f"with tf.GradientTape() as tape:\n    hard = {code}\n"), False)
    assert (found.line if found is not None else None) == line


def test_predictions_under_the_tape() -> None:
    """They are NumPy's: no gradient passes."""
    source = "def drive(model, s):\n    return s + model.predict_on_batch(s)\n\nwith tf.GradientTape() as tape:\n    "
    found = blocked(recorded(source + "loss = tf.reduce_mean(drive(model, s) ** 2)\n"), True)
    assert found is not None and found.line == 2
    assert blocked(recorded(source + "loss = tf.reduce_mean(model(s) ** 2)\n"), True) is None


@pytest.mark.parametrize(
    ("asked", "line"),
    [("params", 1), ("sources=params", 1), ("model.trainable_variables", None), ("others", None)],
)
def test_where_the_variables_are_listed(asked: str, line: int | None) -> None:
    source = f"params = encoder.weights + head.weights\n\ndef step(x):\n    grads = tape.gradient(loss, {asked})\n"
    recording = recorded(source)
    found = listed_at(recording, Location("train.py", 4, ""))
    assert (found and found.line) == line


@pytest.mark.parametrize(("made", "line"), [("[self.a, self.b]", 3), ("a.weights + b.weights", 3), ("collect()", None)])
def test_where_an_object_keeps_its_variables(made: str, line: int | None) -> None:
    kept = f"class Model:\n    def __init__(self):\n        self.params = {made}\n\n"
    source = kept + "grads = tape.gradient(loss, m.params)\n"
    found = listed_at(recorded(source), Location("train.py", 5, ""))
    assert (found and found.line) == line


STATE = """
class Flow:
    def run(self, first):
        self.state.assign(self.encoder(first))
        for _ in range(9):
            self.state.assign_add(0.1 * self.field(self.state))
        return self.readout({read})

with tf.GradientTape() as tape:
    loss = loss_of(flow.run(x))
"""


@pytest.mark.parametrize(("read", "line"), [("self.state", 4), ("other", 4)])
def test_a_state_that_is_kept_in_a_variable(read: str, line: int) -> None:
    """No gradient passes the assignments between its moments."""
    found = cut(recorded(STATE.format(read=read)))
    assert found is not None and found.line == line


def test_averages_of_a_normalisation_are_no_state() -> None:
    source = STATE.replace("self.field(self.state)", "tf.sqrt(self.state)").format(read="first")
    assert cut(recorded(source)) is None


def test_a_function_of_another_file_that_the_tape_calls() -> None:
    """Through a model of that file, to the call that has no gradient."""
    step = "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(tf.square(model(x) - y))\n"
    model = (
        "def pool(h):\n    return tf.numpy_function(add, [h], tf.float32)\n"
        "class Net(keras.Model):\n    def call(self, x):\n        return self.read(pool(x))\n"
    )
    found = blocked(recorded(step, net=model), False)
    assert found is not None and (found.path, found.line) == ("net.py", 2)
    assert blocked(recorded(step, net=model.replace("pool(x)", "x")), False) is None
