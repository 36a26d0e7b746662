"""Rule players-agree."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

BCE = """\
bce = keras.losses.BinaryCrossentropy(from_logits=True)

def discriminator_loss(real_output, fake_output):
    return bce(tf.ones_like(real_output), real_output) + bce(tf.zeros_like(fake_output), fake_output)

def generator_loss(fake_output):
    return bce(tf.{kind}_like(fake_output), fake_output)
"""
HINGE = """\
def d_hinge(on_real, on_fake):
    return tf.reduce_mean(tf.nn.relu(1.0 - on_real)) + tf.reduce_mean(tf.nn.relu(1.0 + on_fake))

def g_hinge(scores):
    return {sign}tf.reduce_mean(scores)
"""
WASSERSTEIN = """\
for step in range(100):
    c_loss = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(real)) + 10.0 * penalty
    g_loss = {sign}tf.reduce_mean(critic(gen(z)))
"""
SQUARES = """\
d_loss = 0.5 * tf.reduce_mean((D(real) - 1.0) ** 2) + 0.5 * tf.reduce_mean(D(fake) ** 2)
g_loss = 0.5 * tf.reduce_mean({square})
"""
FIRST = """\
d_loss = -tf.reduce_mean(tf.math.log(D(real)) + tf.math.log(1.0 - D(fake)))
g_loss = {value}
"""


def players(source: str, *, both: bool = True) -> Run:
    run = classifier(failing=False, source=source)
    return run.subject("the other player", line=2).losses([0.7] * 300) if both else run


@pytest.mark.parametrize(
    "source, line",
    [
        (BCE.format(kind="zeros"), 7),
        (BCE.format(kind="ones"), None),
        (HINGE.format(sign=""), 5),
        (HINGE.format(sign="-"), None),
        (WASSERSTEIN.format(sign=""), 3),
        (WASSERSTEIN.format(sign="-"), None),
        (SQUARES.format(square="D(fake) ** 2"), 2),
        (SQUARES.format(square="(D(fake) - 1.0) ** 2"), None),
        (FIRST.format(value="-tf.reduce_mean(tf.math.log(1.0 - D(fake)))"), 2),
        (FIRST.format(value="tf.reduce_mean(tf.math.log(1.0 - D(fake)))"), None),
        (FIRST.format(value="-tf.reduce_mean(tf.math.log(D(fake)))"), None),
        (FIRST.format(value="bce(labels, D(fake))"), None),
    ],
)
def test_which_way_both_pull(source: str, line: int | None, findings: Any) -> None:
    found = findings("players-agree", players(source))
    assert [one.location.line for one in found] == ([line] if line else [])
    assert all((one.severity, one.confidence) == (Severity.WARNING, Confidence.HIGH) for one in found)


def test_one_model_is_no_game(findings: Any) -> None:
    assert not findings("players-agree", players(HINGE.format(sign=""), both=False))
