"""Where a loss takes a logarithm or divides."""

from __future__ import annotations

import pytest

from doctor.reading.idioms import fragile, trainable_set_at
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
    ],
)  # fmt: skip
def test_the_operation_that_nothing_keeps_from_zero(source: str, line: int | None) -> None:
    """By name, and in the function in which the loss begins."""
    for found in (fragile(recorded(source), "nll"), fragile(recorded(source), None, Location("train.py", 2))):
        assert (found.line if found else None) == line
    assert fragile(recorded(source), None) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("for layer in net.layers:\n    layer.trainable = layer.name not in frozen\n", 2),
        ("base.trainable = False\nhead.trainable = learns(head)\n", 1),
        ("base.trainable = True\n", None),
        ("def __init__(self, trainable=True):\n    super().__init__(trainable=trainable)\n", None),
    ],
)
def test_where_layers_are_frozen(source: str, line: int | None) -> None:
    """In words, else where it is computed."""
    found = trainable_set_at(recorded(source), False)
    assert (found.line if found is not None else None) == line
