"""Logarithms of shares that a function returns."""

from __future__ import annotations

import ast

import pytest

from doctor.reading.log_shares import log_share_returned


@pytest.mark.parametrize(
    "body, line",
    [
        ("risk = tf.math.cumulative_logsumexp(h)\n    part = (h - risk) * event\n"
         "    return tf.reduce_sum(part) / tf.reduce_sum(event)", 4),
        ("return tf.reduce_mean(h - tf.reduce_logsumexp(h, axis=1))", 2),
        ("return tf.reduce_mean(h - tf.math.log(tf.cumsum(tf.exp(h))))", 2),
        ("return tf.reduce_mean(tf.boolean_mask(h - tf.reduce_logsumexp(h), event))", 2),
        ("return -tf.reduce_mean(h - tf.reduce_logsumexp(h, axis=1))", None),
        ("part = tf.reduce_logsumexp(h) - h\n    return tf.reduce_mean(part * event)", None),
        ("part = h - tf.reduce_logsumexp(h)\n    return tf.reduce_mean(part * -event)", None),
        ("part = h - tf.reduce_logsumexp(h)\n    return tf.reduce_mean(part) / tf.negative(n)", None),
        ("if event is None:\n        return h\n    return h - tf.reduce_logsumexp(h)", None),
        ("return tf.reduce_mean(h - tf.reduce_sum(h))", None),
    ],
)  # fmt: skip
def test_where_it_is_returned(body: str, line: int | None) -> None:
    (function,) = ast.parse(f"def objective(h, event):\n    {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    assert log_share_returned(function) == line
