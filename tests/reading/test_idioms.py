"""Where a loss takes a logarithm or divides."""

from __future__ import annotations

import pytest

from doctor.reading.idioms import fragile
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
