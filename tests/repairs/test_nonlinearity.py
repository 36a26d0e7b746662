"""Functions put between layers that have none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doctor.findings import Fix
from doctor.repairs.forward.nonlinearity import Nonlinearity
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused


def linear(source: str, lines: tuple[int, ...], units: tuple[int, ...], layer: str | None = None) -> Run:
    """Linear layers on the given lines, of which the last makes the output."""
    run = Run(source).subject()
    for index, (line, width) in enumerate(zip(lines, units)):
        last = index == len(units) - 1
        run.dense(20, width, None, line=line, layer=layer and f"{layer}_{index}", last=last)
        site = run.sites[f"activation:h{index + 1}"]
        place = Location("train.py", line, source.splitlines()[line - 1].strip())
        run.sites[site.key] = replace(site, location=place)
    return run.site("output", "out", line=lines[-1], units=units[-1], layer=layer and f"{layer}_{len(units) - 1}")


@pytest.mark.parametrize(
    ("source", "lines", "wanted"),
    [
        ("import keras\nnet = keras.Sequential([\n    Dense(64),\n    Dense(32, name='b'),\n    Dense(3),\n])\n",
         (3, 4, 5), ["Dense(64, activation='relu'),", "Dense(32, name='b', activation='relu'),"]),
        ("for n in sizes:\n    x = Dense(n)(x)\n", (2, 2, 2),
         ["x = Dense(n, activation=\"relu\" if n != 3 else None)(x)"]),
        ("for n in sizes:\n    x = Dense(n, None)(x)\nx = Dense(3)(x)\n", (2, 2, 3), ["x = Dense(n, \"relu\")(x)"]),
    ],
)  # fmt: skip
def test_layers_of_keras(source: str, lines: tuple[int, ...], wanted: list[str]) -> None:
    run = linear(source, lines, (64, 32, 3), "dense")
    assert changed(Nonlinearity(), case(source, "no-nonlinearity", "Dense", run=run)) == wanted


def test_products_of_a_network_of_variables() -> None:
    source = "import tensorflow as tf\ndef net(x):\n    h = x @ w1 + b1\n    h = tf.matmul(h, w2)\n    return h @ w3\n"
    run = linear(source, (3, 4, 5), (64, 32, 3))
    assert changed(Nonlinearity(), case(source, "no-nonlinearity", "x @", run=run)) == [
        "h = tf.nn.relu(x @ w1 + b1)", "h = tf.nn.relu(tf.matmul(h, w2))",
    ]  # fmt: skip


def test_helper_that_computes_the_output_too_is_left_as_it_is() -> None:
    source = (
        "import tensorflow as tf\ndef layer(x, w, b):\n    return x @ w + b\ndef net(x):\n"
        "    h = layer(x, w1, b1)\n    return layer(h, w2, b2)\n"
    )
    run = linear(source, (3, 3), (32, 3))
    assert changed(Nonlinearity(), case(source, "no-nonlinearity", "return x", run=run)) == [
        "h = tf.nn.relu(layer(x, w1, b1))"
    ]


def test_loop_over_all_layers_is_refused() -> None:
    source = "import tensorflow as tf\nfor w, b in params:\n    x = x @ w + b\n"
    run = linear(source, (3, 3), (32, 3))
    assert "every layer" in refused(Nonlinearity(), case(source, "no-nonlinearity", "x =", run=run))


def test_result_that_is_thrown_away_is_used() -> None:
    source = "x = Dense(8)(x)\nLeakyReLU(0.1)(x)\n"
    assert changed(Nonlinearity(), case(source, "no-nonlinearity", "LeakyReLU")) == ["x = LeakyReLU(0.1)(x)"]


def test_result_that_is_passed_by_is_used() -> None:
    source = "a = Activation('relu')(h)\nx = h\n"
    given = case(source, "no-nonlinearity", "x = h", fixes=[Fix("Use what the function returns", "x = a")])
    assert changed(Nonlinearity(), given) == ["x = a"]


def test_activation_that_a_layer_keeps_is_called() -> None:
    source = (
        "class Linear(Layer):\n    def __init__(self, act):\n        self.act = activations.get(act)\n"
        "    def call(self, x):\n        return x @ self.w\n"
    )
    assert changed(Nonlinearity(), case(source, "no-nonlinearity", "return")) == ["return self.act(x @ self.w)"]
