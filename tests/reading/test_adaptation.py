"""Whether weights are fitted within a training step."""

from __future__ import annotations

import pytest

from doctor.reading.adaptation import adapts_within
from tests.reading.test_loops import recorded

MAML = """
def adapt(x, y):
    with tf.GradientTape() as inner:
        loss = f(weights, x, y)
    slopes = inner.gradient(loss, weights)
    return [w - rate * slope for w, slope in zip(weights, slopes)]

def train(x, y):
    with tf.GradientTape() as tape:
        loss = f(adapt(x, y), x, y)
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
"""

BY_HAND = """
def train(x, y):
    with tf.GradientTape() as tape:
        loss = f(x, y)
    slopes = tape.gradient(loss, weights)
    for w, slope in zip(weights, slopes):
        w.assign(w - 0.1 * slope)
"""

EQUATION = """
def residual(x, t):
    with tf.GradientTape() as inner:
        u = net(x, t)
    u_t = inner.gradient(u, t)
    u_x = inner.gradient(u, x)
    return u_t - 0.1 * u_x

with tf.GradientTape() as tape:
    loss = tf.reduce_mean(residual(x, t) ** 2)
"""


REPTILE = """
for task in tasks:
    slow = [v.numpy() for v in net.trainable_variables]
    adapt(task)
    for v, s in zip(net.trainable_variables, slow):
        v.assign(s + 0.3 * (v.numpy() - s))
"""

GIVEN_BACK = """
def score():
    keep = net.get_weights()
    for task in tasks:
        adapt(task)
        net.set_weights(keep)
"""

BEST = """
for epoch in range(9):
    train()
    if better():
        best = net.get_weights()
net.set_weights(best)
"""


@pytest.mark.parametrize(
    "source, adapts",
    [(MAML, True), (REPTILE, True), (GIVEN_BACK, True), (BY_HAND, False), (EQUATION, False), (BEST, False)],
)
def test_inner_steps(source: str, adapts: bool) -> None:
    assert adapts_within(recorded(source)) is adapts
