"""Rule minimised-likelihood, and likelihoods that a loss is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.likelihoods import minimised_likelihood
from tests.builders import Run
from tests.reading.test_loops import recorded

OWN = """\
def log_likelihood(rate, t):
    return tf.reduce_mean(tf.math.log(rate) - rate * t)

def step(x, t):
    with tf.GradientTape() as tape:
        loss = {loss}
    return tape.gradient(loss, weights)
"""
COX = """\
def cox(h, event):
    return {sign}tf.reduce_mean((h - tf.reduce_logsumexp(h)) * event)

with tf.GradientTape() as tape:
    loss = cox(model(x), event)
tape.gradient(loss, weights)
"""
HEAVY = """\
def gaussian_likelihood(y, o):
    mu, log_var = o[:, :1], o[:, 1:]
    return tf.reduce_mean({value})

model.compile("adam", loss=gaussian_likelihood)
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (OWN.format(loss="log_likelihood(model(x), t)"), 6),
        (OWN.format(loss="tf.reduce_mean(log_likelihood(model(x), t))"), 6),
        (OWN.format(loss="-log_likelihood(model(x), t)"), None),
        (OWN.format(loss="1 - log_likelihood(model(x), t)"), None),
        (OWN.replace("tf.reduce_mean(tf", "-tf.reduce_mean(tf").format(loss="log_likelihood(model(x), t)"), None),
        (OWN.replace("log(rate) - rate * t", "square(rate - t) * -0.5").format(loss="log_likelihood(f(x), t)"), None),
        ("loss = negative_log_likelihood(y, p)\n", None),
        ("def density_loss(y, d):\n    return tf.reduce_mean(d.log_prob(y))\n", 2),
        ("def density_loss(y, d):\n    return -tf.reduce_mean(d.log_prob(y))\n", None),
        ("def elbo(y, p):\n    return a - b\n\nmodel.compile('adam', loss=elbo)\n", 4),
        ("score = log_likelihood(y, p)\n", None),
        (HEAVY.format(value="0.5 * (log_var + tf.square(y - mu) / tf.exp(log_var))"), None),
        (HEAVY.format(value="tf.exp(-log_var) * (y - mu) ** 2 + log_var"), None),
        (HEAVY.format(value="tf.negative(log_var)"), None),
        (HEAVY.format(value="kl(mu) - log_px"), None),
        (HEAVY.format(value="log_px - kl(mu)"), 5),
        (COX.format(sign=""), 2),
        (COX.format(sign="-"), None),
        ("def cox(y, h):\n    return mean(h - tf.reduce_logsumexp(h))\n\nmodel.compile('adam', loss=cox)\n", 2),
        ("entropy_loss = tf.reduce_mean(pi.log_prob(a))\nloss = policy_loss + entropy_loss\n"
         "tape.gradient(loss, w)\n", None),
    ],
)
def test_what_a_loss_is_made_of(source: str, line: int | None) -> None:
    found = minimised_likelihood(recorded(source))
    assert (found and found[0].line) == line


def falling(*ends: float) -> Run:
    return Run(OWN.format(loss="log_likelihood(model(x), t)")).subject().losses(np.linspace(*ends, 300))


def test_a_likelihood_that_falls(findings: Any) -> None:
    (found,) = findings("minimised-likelihood", falling(-1.2, -4000))
    assert (found.fault, found.severity, found.confidence) == ("loss-sign", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 6 and found.title.startswith("`log_likelihood` is made small")


@pytest.mark.parametrize("ends", [(-4.0, -1.2), (5.0, 0.5), (-1.2, -2.0)], ids=["rises", "positive", "hardly moves"])
def test_what_is_turned_elsewhere(ends: tuple[float, float], findings: Any, ruled_out: Any) -> None:
    assert not findings("minimised-likelihood", falling(*ends)) and ruled_out("minimised-likelihood", falling(*ends))
