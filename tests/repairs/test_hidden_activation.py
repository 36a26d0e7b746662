"""Other functions in the hidden layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doctor.repairs.forward.hidden_activation import LeakyLayers, RectifiedLayers, SmallerUpdates
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired


def network(
    source: str, function: str, lines: tuple[int, ...], layer: str | None = None, std: float | None = None
) -> Run:
    """Layers of one function on the given lines, and a linear one."""
    run = Run(source).subject()
    run.site("optimizer", "SGD", learning_rate=0.5, line=source.count("\n"), **{"class": "SGD"})
    for index, line in enumerate(lines):
        name = layer and (f"{layer}_{index}" if index else layer)
        run.dense(30, 30, function, line=line, layer=name, std=std)
        site = run.sites[f"activation:h{index + 1}"]
        place = Location("train.py", line, source.splitlines()[line - 1].strip())
        run.sites[site.key] = replace(site, location=place, attributes={**site.attributes, "units": None})
    return run.dense(30, 3, None, last=True)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("net.add(Dense(30, activation='sigmoid'))",
         "net.add(Dense(30, activation='relu', kernel_initializer='he_normal'))"),
        ("net.add(Dense(30, 'sigmoid'))", "net.add(Dense(30, 'relu', kernel_initializer='he_normal'))"),
        ("net.add(keras.layers.Dense(30, activation=tf.nn.sigmoid))",
         "net.add(keras.layers.Dense(30, activation=tf.nn.relu, kernel_initializer='he_normal'))"),
        ("net.add(Dense(30, activation=keras.activations.sigmoid))",
         "net.add(Dense(30, activation=keras.activations.relu, kernel_initializer='he_normal'))"),
        ("net.add(Dense(30, activation=spec.pop()))",
         "net.add(Dense(30, activation='relu', kernel_initializer='he_normal'))"),
    ],
)  # fmt: skip
def test_layer_gets_relu_and_the_weights_of_he(written: str, wanted: str) -> None:
    head = "import keras\nimport tensorflow as tf\nfrom keras.layers import Dense\nmode = 'a'\n"
    source = f"{head}for _ in range(9):\n    {written}\n"
    run = network(source, "sigmoid", (6, 6, 6), "dense")
    assert changed(RectifiedLayers(), case(source, "vanishing-gradient", "net.add", run=run)) == [wanted]


def test_function_of_a_network_of_variables_and_its_weights() -> None:
    source = (
        "import tensorflow as tf\nw = tf.Variable(tf.random.normal([a, b], stddev=0.01))\n"
        "h = tf.sigmoid(tf.matmul(h, w) + b)\n"
    )
    run = network(source, "sigmoid", (3,), std=0.01)
    place = Location("train.py", 2, source.splitlines()[1])
    run.sites["variable:w1"] = replace(run.sites["variable:w1"], location=place)
    assert changed(RectifiedLayers(), case(source, "vanishing-gradient", "h =", run=run)) == [
        "w = tf.Variable(tf.random.normal([a, b], stddev=(2 / a) ** 0.5))",
        "h = tf.nn.relu(tf.matmul(h, w) + b)",
    ]


def test_constant_of_the_file_names_the_function() -> None:
    source = "import keras\nACT = 'sigmoid'\nh = keras.layers.Dense(30, activation=ACT)(x)\n"
    run = network(source, "sigmoid", (3, 3, 3), "dense")
    first, second = repaired(RectifiedLayers(), case(source, "vanishing-gradient", "ACT =", run=run))
    assert "ACT = 'relu'" in first and "ACT = 'tanh'" in second


def test_plain_recurrent_layer_becomes_a_gated_one() -> None:
    source = "import keras\nfrom keras.layers import SimpleRNN\nh = SimpleRNN(30)(x)\n"
    run = network(source, "tanh", (3,), "simple_rnn")
    run.site("model", "net", layers=[{"name": "simple_rnn", "class": "SimpleRNN"}])
    assert changed(RectifiedLayers(), case(source, "vanishing-gradient", "h =", run=run)) == [
        "h = keras.layers.GRU(30)(x)"
    ]


def test_function_that_is_written_nowhere_is_refused() -> None:
    source = "h = step(h)\n"
    run = network(source, "sigmoid", (1, 1, 1))
    assert refused(RectifiedLayers(), case(source, "vanishing-gradient", "h =", run=run)) == (
        "the script does not say which function h1 is"
    )


def test_relu_becomes_leaky() -> None:
    source = "import tensorflow as tf\nh = tf.nn.relu(x @ w + b)\n"
    run = network(source, "relu", (2,))
    assert changed(LeakyLayers(), case(source, "dead-relu", "h =", run=run)) == ["h = tf.nn.leaky_relu(x @ w + b)"]


def test_units_that_die_later_ask_for_smaller_updates() -> None:
    source = "import keras\nopt = keras.optimizers.SGD(0.5)\n"
    run = network(source, "relu", (1,))
    given = case(source, "dead-relu", "opt", run=run, onset_step=7)
    assert repaired(SmallerUpdates(), given) == [
        source.replace("0.5", "0.05"), source.replace("0.5", "0.005"),
    ]  # fmt: skip


def test_functions_that_layers_of_the_script_are_given_on_several_lines() -> None:
    source = (
        "import tensorflow as tf\nclass Layer:\n    def __call__(self, x):\n        return self.f(x @ self.w)\n"
        "layers = [Layer(30, 30, tf.nn.sigmoid)]\nfor _ in range(2):\n"
        "    layers.append(Layer(30, 30, tf.nn.sigmoid))\nlayers.append(Layer(30, 3))\n"
    )
    given = network(source, "sigmoid", (4, 4, 4), std=0.3)
    text = repaired(RectifiedLayers(), case(source, "vanishing-gradient", "layers = [", run=given))[0]
    assert [line for line in text.splitlines() if "Layer(30" in line] == [
        "layers = [Layer(30, 30, tf.nn.relu)]",
        "    layers.append(Layer(30, 30, tf.nn.relu))",
        "layers.append(Layer(30, 3))",
    ]
