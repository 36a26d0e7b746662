"""Repairs written into the script's own line."""

from __future__ import annotations

import pytest

from doctor.rules.advice import rewritten, unwrapped
from doctor.types import Location


@pytest.mark.parametrize(
    ("code", "he", "expected"),
    [
        (
            "w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)",
            True,
            "w = tf.random.normal([n_in, n_out], stddev=(2 / n_in) ** 0.5)",
        ),
        (
            "self.w = tf.Variable(tf.zeros((784, 100)), name='w')",
            False,
            "self.w = tf.Variable(tf.random.normal((784, 100), stddev=(2 / (784 + 100)) ** 0.5), name='w')",
        ),
        (
            "return tf.random.uniform(shape, minval=-0.1, maxval=0.0)",
            True,
            "return tf.random.normal(shape, stddev=(2 / shape[0]) ** 0.5)",
        ),
        ("kernel = tf.random.normal([3, 3, 1, 8], stddev=5.0)", True, None),
        ("w = tf.Variable(make(784, 100))", True, None),
        ("tf.random.normal([784,", True, None),
    ],
)
def test_rewritten_line(code: str, he: bool, expected: str | None) -> None:
    """The shape stays as it was written; what cannot be rewritten safely is left alone."""
    assert rewritten(Location("train.py", 7, code), he) == expected


def test_no_line() -> None:
    """A weight whose line is not known has no line to rewrite."""
    assert rewritten(None, True) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("return tf.nn.softmax(tf.matmul(h, w) + b)", "return tf.matmul(h, w) + b"),
        ("p = softmax(logits)", "p = logits"),
        ("layers.Dense(10, activation='softmax')", None),
        ("return tf.nn.sigmoid(z)", None),
    ],
)
def test_unwrapped_call(code: str, expected: str | None) -> None:
    """The argument takes the place of the call."""
    assert unwrapped(Location("train.py", 3, code), "softmax") == expected
