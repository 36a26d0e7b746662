"""Where a loss takes a logarithm or divides."""

from __future__ import annotations

import pytest

from doctor.reading.idioms import fragile, fragile_in_step, trainable_set_at
from doctor.types import Location
from tests.reading.test_loops import recorded

MIXTURE = """\
def nll(t, pi, mu, ls):
    part = -0.5 * ((t - mu) / tf.exp(ls)) ** 2 - ls - 0.5 * math.log(2 * math.pi)
    safe = tf.math.log(pi + 1e-6)
    return -tf.reduce_mean(tf.math.log(tf.reduce_sum(tf.exp(safe + part), -1)))
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (MIXTURE, 4),
        ("def nll(y, p):\n    return tf.math.log(p + 1e-9) + y / p\n", 2),
        ("def nll(y, p):\n    q = tf.math.log(p + 1e-9)\n    return q + y / p\n", 3),
        ("def nll(y, p):\n    return y * p\n", None),
        ("def nll(y, p):\n    z = ops.log(s)\n    return -ops.log(ops.sum(ops.exp(z), -1))\n", 3),
    ],
)  # fmt: skip
def test_the_operation_that_nothing_keeps_from_zero(source: str, line: int | None) -> None:
    """By name, and in the function in which the loss begins."""
    for found in (fragile(recorded(source), "nll"), fragile(recorded(source), None, Location("train.py", 2))):
        assert (found.line if found else None) == line
    assert fragile(recorded(source), None) is None


STEP = """\
def deviance(y, mu):
    ratio = y / mu
    return 2.0 * tf.reduce_mean(ratio - 1.0 - tf.math.log(ratio))
def step(x, y):
    with tf.GradientTape() as tape:
        loss = total(y, net(x))
    opt.apply_gradients(zip(tape.gradient(loss, net.variables), net.variables))
def total(y, mu):
    return deviance(y, mu) + 0.01 * size()
"""


def test_the_operation_in_what_a_step_differentiates() -> None:
    """Through the functions that its loss calls; a step without a gradient tells nothing."""
    found = fragile_in_step(recorded(STEP), Location("train.py", 7))
    assert found is not None and found.line == 3
    assert fragile_in_step(recorded(STEP), Location("train.py", 9)) is None
    assert fragile_in_step(recorded(STEP), None) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("for layer in net.layers:\n    layer.trainable = layer.name not in frozen\n", 2),
        ("base.trainable = False\nhead.trainable = learns(head)\n", 1),
        ("base.trainable = True\n", None),
        ("def freeze(net, val):\n    net.trainable = val\nfreeze(d, True)\nfreeze(d, False)\n", 4),
        ("def freeze(net, val):\n    net.trainable = val\nfreeze(a, False)\nfreeze(d, False)\n", 2),
        ("def __init__(self, trainable=True):\n    super().__init__(trainable=trainable)\n", None),
    ],
)
def test_where_layers_are_frozen(source: str, line: int | None) -> None:
    """In words, else where it is computed."""
    found = trainable_set_at(recorded(source), False)
    assert (found.line if found is not None else None) == line
