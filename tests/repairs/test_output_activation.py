"""Last layers that suit the task."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doctor.findings import Fix
from doctor.repairs.base import Case
from doctor.repairs.forward.output_activation import OutputActivation
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused

NONE, SOFTMAX = Fix("Leave the relu out", "activation=None"), Fix("Use a softmax instead", 'activation="softmax"')


def last(source: str, on: str, fix: Fix, shown: str, *, units: int = 3, layer: str | None = "dense",
         beside: tuple[int, ...] = (), loss: str = "", neighbours: dict[str, str] | None = None) -> Case:  # fmt: skip
    """A finding about the layer that the line with `on` makes, beside hidden ones on the same line."""
    line = next(number for number, text in enumerate(source.splitlines(), 1) if on in text)
    place = Location("train.py", line, source.splitlines()[line - 1].strip())
    run = Run(source).subject()
    for index, width in enumerate((*beside, units)):
        name = layer and f"{layer}_{index}"
        run.dense(8, width, shown, line=line, layer=name, last=index == len(beside))
        site = run.sites[f"activation:h{index + 1}"]
        run.sites[site.key] = replace(site, location=place)
    name = layer and f"{layer}_{len(beside)}"
    run.site("output", "out", line=line, units=units, layer=name, produced_by=shown, activated_by=None)
    if loss:
        at = next(number for number, text in enumerate(source.splitlines(), 1) if loss in text)
        run.site("loss", "loss", line=at, function="softmax_cross_entropy", made=None)
    return case(source, "output-activation", on, run=run, fixes=[fix], neighbours=neighbours)


@pytest.mark.parametrize(
    ("source", "fix", "shown", "wanted"),
    [
        ("out = Dense(3, activation='relu')(h)\n", NONE, "relu", ["out = Dense(3)(h)"]),
        ("out = Dense(3, 'relu')(h)\n", NONE, "relu", ["out = Dense(3)(h)"]),
        ("out = Dense(3, activation='relu')(h)\n", SOFTMAX, "relu", ["out = Dense(3, activation='softmax')(h)"]),
        ("import tensorflow as tf\nout = Dense(3, activation=tf.nn.relu)(h)\n", SOFTMAX, "relu",
         ["out = Dense(3, activation=tf.nn.softmax)(h)"]),
        ("out = Dense(3, activation=spec['last'])(h)\n", NONE, "relu", ["out = Dense(3, activation=None)(h)"]),
        ("def head(x, n, act='relu'):\n    return Dense(n, act)(x)\nout = head(h, 3)\n", NONE, "relu",
         ["out = head(h, 3, act=None)"]),
    ],
)  # fmt: skip
def test_activation_of_the_last_layer(source: str, fix: Fix, shown: str, wanted: list[str]) -> None:
    assert changed(OutputActivation(), last(source, "out =", fix, shown)) == wanted


def test_helper_with_a_function_for_each() -> None:
    """The parameter is that of the layer which makes the output, whatever it is called."""
    source = (
        "def net(n, act='relu', end=None):\n    h = Dense(64, activation=act)(x)\n"
        "    return Dense(n, activation=end)(h)\nout = net(3, 'relu', 'relu')\n"
    )
    given = last(source, "activation=end", NONE, "relu")
    place = Location("train.py", 4, "out = net(3, 'relu', 'relu')")
    given = replace(given, finding=replace(given.finding, location=place))
    assert changed(OutputActivation(), given) == ["out = net(3, 'relu', None)"]


def test_layers_of_a_loop_are_told_apart_by_their_units() -> None:
    source = "for n in sizes:\n    x = Dense(n, activation='relu')(x)\n"
    assert changed(OutputActivation(), last(source, "x =", NONE, "relu", beside=(64, 32))) == [
        "x = Dense(n, activation='relu' if n != 3 else None)(x)"
    ]


def test_hidden_layers_of_a_loop_keep_what_their_specification_says() -> None:
    source = "for b in blocks:\n    x = Dense(b['n'], activation=b['act'])(x)\n"
    assert changed(OutputActivation(), last(source, "x =", NONE, "sigmoid", beside=(64, 32))) == [
        "x = Dense(b['n'], activation=b['act'] if b['n'] != 3 else None)(x)"
    ]


def test_layers_that_nothing_tells_apart_are_refused() -> None:
    source = "for n in sizes:\n    x = Dense(n, activation='relu')(x)\n"
    given = last(source, "x =", NONE, "relu", beside=(64, 3))
    assert "tells the last one apart" in refused(OutputActivation(), given)


def test_function_of_a_network_of_variables_is_taken_off() -> None:
    source = "import tensorflow as tf\nlogits = tf.nn.relu(tf.matmul(h, w) + b)\n"
    fix = Fix("Leave the relu out")
    assert changed(OutputActivation(), last(source, "logits =", fix, "relu", layer=None)) == [
        "logits = tf.matmul(h, w) + b"
    ]


def test_one_unit_behind_a_softmax_takes_its_loss_along() -> None:
    source = (
        "net.add(Dense(1, activation='softmax'))\n"
        "net.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])\n"
    )
    fix = Fix("Use a sigmoid with the binary cross-entropy", 'activation="sigmoid"')
    assert changed(OutputActivation(), last(source, "net.add", fix, "softmax", units=1, loss="compile")) == [
        "net.add(Dense(1, activation='sigmoid'))",
        "net.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])",
    ]


def test_rate_that_may_be_negative_ends_in_a_positive_function() -> None:
    source = "import keras\nout = keras.layers.Dense(1)(h)\n"
    fix = Fix("End the model in a positive function", 'activation="softplus"')
    assert changed(OutputActivation(), last(source, "out =", fix, "linear", units=1)) == [
        'out = keras.layers.Dense(1, activation="softplus")(h)'
    ]


@pytest.mark.parametrize(
    ("source", "on", "wanted"),
    [
        ("CLASSES = 3\nt = one_hot(y, CLASSES)\nout = Dense(CLASSES)(h)\n", "out =", ["CLASSES = 10"]),
        ("out = Dense(units=3, name='o')(h)\n", "out =", ["out = Dense(units=10, name='o')(h)"]),
        ("t = tf.one_hot(y, 3)\nout = Dense(3)(h)\n", "out =", ["t = tf.one_hot(y, 10)", "out = Dense(10)(h)"]),
    ],
)
def test_units_are_changed_where_they_are_chosen(source: str, on: str, wanted: list[str]) -> None:
    fix = Fix("Make 10 output units", "units=10")
    assert changed(OutputActivation(), last(source, on, fix, "linear")) == wanted


def test_units_of_variables() -> None:
    source = "import tensorflow as tf\nk = 3\nw = tf.Variable(tf.random.normal([8, k]))\n"
    source += "b = tf.Variable(tf.zeros([k]))\n"
    fix = Fix("Make 10 output units")
    assert changed(OutputActivation(), last(source, "w =", fix, "linear", layer=None)) == ["k = 10"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("p = e / tf.reduce_sum(e, axis=0)", "p = e / tf.reduce_sum(e, axis=-1, keepdims=True)"),
        ("p = tf.nn.softmax(z, axis=0)", "p = tf.nn.softmax(z, axis=-1)"),
        ("p = e / np.sum(e, 0)", "p = e / np.sum(e, -1, keepdims=True)"),
    ],
)
def test_sum_over_the_examples_becomes_one_over_the_classes(line: str, wanted: str) -> None:
    given = last(f"{line}\n", "p =", Fix("Sum over the classes", "axis=-1"), "softmax", layer=None)
    assert changed(OutputActivation(), given) == [wanted]


@pytest.mark.parametrize(
    ("source", "on", "wanted"),
    [
        ("from keras.layers import Dense, LSTM\nnet.add(LSTM(1))\n", "net.add",
         ["net.add(LSTM(32))", "net.add(Dense(1))"]),
        ("from keras import layers\nnet = Sequential([\n    layers.GRU(8),\n    layers.LSTM(1),\n])\n", "LSTM",
         ["layers.LSTM(32),", "layers.Dense(1),"]),
        ("import keras\nout = keras.layers.LSTM(24)(h)\n", "out =",
         ["out = keras.layers.Dense(24)(keras.layers.LSTM(24)(h))"]),
    ],
)  # fmt: skip
def test_linear_layer_behind_a_recurrent_one(source: str, on: str, wanted: list[str]) -> None:
    fix = Fix("Put a linear layer behind the recurrence", "keras.layers.Dense(1)")
    assert changed(OutputActivation(), last(source, on, fix, "tanh", layer="lstm")) == wanted


def test_layers_on_one_line_are_told_apart_by_their_units() -> None:
    source = "net = Sequential([Dense(48, 'relu'), Dense(3, 'relu')])\n"
    assert changed(OutputActivation(), last(source, "net =", NONE, "relu", beside=(48,))) == [
        "net = Sequential([Dense(48, 'relu'), Dense(3, None)])"
    ]
