"""Where the scale of initial weights is chosen."""

from __future__ import annotations

import pytest

from doctor.reading.drawn import drawn_at, initial_value
from doctor.types import Location, Site
from tests.reading.test_loops import recorded

CLASS = """\
class Spread(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        limit = (6.0 * sum(shape)) ** 0.5
        return tf.random.uniform(shape, minval=-limit, maxval=limit)

net.add(Dense(64, kernel_initializer=Spread()))
"""
FUNCTION = """\
def wide(shape, dtype=None):
    return 40 * tf.random.normal(shape)

start = wide
net.add(Dense(64, kernel_initializer=start))
"""
PLAIN = "net.add(Dense(64, kernel_initializer=RandomNormal(stddev=5.0)))\n"


@pytest.mark.parametrize(("source", "made", "drawn"), [(CLASS, 6, 3), (FUNCTION, 5, 2), (PLAIN, 1, 1)])
def test_initializers_of_the_script(source: str, made: int, drawn: int) -> None:
    place = Location("train.py", made)
    kernel = Site("variable:1", "variable", "kernel", location=place, attributes={"layer": "dense", "role": "kernel"})
    found = drawn_at(recorded(source), kernel)
    assert found is not None and found.line == drawn


LAYER = """\
class Projection(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(shape[-1], 8),
            initializer=self.bias_initializer,
        )

net.add(Projection(8))
net.add(Projection(8, bias_initializer="zeros"))
net.add(Dense(8))
"""


@pytest.mark.parametrize(("made", "drawn"), [(8, 5), (9, 9), (10, 10)])
def test_layers_of_the_script(made: int, drawn: int) -> None:
    """Where they add their weights, unless they are told how where they are made."""
    place = Location("train.py", made)
    kernel = Site("variable:1", "variable", "p/kernel", location=place, attributes={"layer": "p", "role": "kernel"})
    found = drawn_at(recorded(LAYER), kernel)
    assert found is not None and found.line == drawn


@pytest.mark.parametrize(("scale", "line"), [("np.sqrt(fan_in / 2.0)", 2), ("2.0 / fan_in", 2), ("scales[0]", 3)])
def test_a_scale_that_a_function_computes(scale: str, line: int) -> None:
    source = (
        f"def he(fan_in, fan_out):\n    std = {scale}\n"
        "    return tf.Variable(rng.normal(0.0, std, size=(fan_in, fan_out)))\n"
    )
    found = initial_value(recorded(source), Location("train.py", 3))
    assert found is not None and found.line == line


PRIOR = """\
prior = Constant(-4.6)
conv = partial(
    Conv2D, padding="same", bias_initializer=prior)
x = conv(16, 3, activation="relu")(x)
heat = Conv2D(1, 1, activation="sigmoid"{more})(x)
"""


@pytest.mark.parametrize(("more", "line"), [(", bias_initializer=prior", 3), ("", 1)])
def test_a_bias_that_is_right_for_another_layer(more: str, line: int) -> None:
    """Where two layers are given it, the line that gives it to this one is to be changed."""
    place = Location("train.py", 4)
    bias = Site("variable:1", "variable", "c/bias", location=place, attributes={"layer": "c", "role": "bias"})
    found = drawn_at(recorded(PRIOR.format(more=more)), bias)
    assert found is not None and found.line == line
