"""Rule policy-sign."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

BODY = "def train(states, actions, advantages):\n    {made}\n    loss = {value}\n    return tape.gradient(loss, w)\n"
LOGS = "log_prob = tf.reduce_sum(tf.one_hot(actions, 3) * tf.math.log(policy(states)), axis=-1)"


@pytest.mark.parametrize(
    "made, value, wrong",
    [
        (LOGS, "tf.reduce_mean(advantages * log_prob)", True),
        (LOGS, "tf.reduce_mean(log_prob * returns)", True),
        ("dist = make(policy(states))", "tf.reduce_mean(dist.log_prob(actions) * adv)", True),
        (LOGS, "-tf.reduce_mean(advantages * log_prob)", False),
        (LOGS, "tf.reduce_mean(-advantages * log_prob)", False),
        (LOGS, "tf.reduce_mean(-log_prob * advantages)", False),
        (LOGS, "-1.0 * tf.reduce_mean(log_prob * advantages)", False),
        (LOGS, "tf.reduce_mean(log_prob * weights)", False),
        ("neg_log_prob = ce(labels=actions, logits=z)", "tf.reduce_mean(neg_log_prob * advantages)", False),
        ("log_prob = -tf.reduce_sum(mask * tf.math.log(p))", "tf.reduce_mean(log_prob * advantages)", False),
        ("nll = tf.nn.softmax_cross_entropy_with_logits(a, z)", "tf.reduce_mean(nll * advantages)", False),
        # A cross-entropy has its minus already, whatever it is called.
        ("logp = tf.nn.sparse_softmax_cross_entropy_with_logits(a, z)", "-tf.reduce_mean(logp * adv)", True),
        ("logp = keras.losses.sparse_categorical_crossentropy(a, p)", "-tf.reduce_mean(logp * adv) - bonus", True),
        ("logp = -tf.nn.sparse_softmax_cross_entropy_with_logits(a, z)", "-tf.reduce_mean(logp * adv)", False),
        (LOGS, "tf.reduce_mean(advantages * log_prob) - 0.01 * entropy", True),
        (LOGS, "value_loss - tf.reduce_mean(advantages * log_prob)", False),
    ],
)
def test_signs(made: str, value: str, wrong: bool, findings: Any) -> None:
    run = classifier(source=BODY.format(made=made, value=value))
    assert bool(findings("policy-sign", run)) is wrong


def test_what_is_said(findings: Any, primary: Any) -> None:
    source = BODY.format(made=LOGS, value="tf.reduce_mean(advantages * log_prob)")
    run = classifier(failing=False, source=source)
    (found,) = findings("policy-sign", run)
    assert (found.fault, found.severity, found.confidence) == ("loss-sign", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 3 and primary(run).rule == "policy-sign"
    assert not findings("policy-sign", classifier(source=source + "opt.apply_gradients([(-g, v) for g, v in pairs])\n"))
    assert findings("policy-sign", classifier(source=source + "adv = g - g.mean()\n"))  # no gradient is turned here
    assert findings("policy-sign", classifier(source=source + "steps.assign_add(1)\n"))
    assert not findings("policy-sign", classifier(source=source + "theta.assign_add(rate * delta)\n"))


@pytest.mark.parametrize(
    "source",
    [
        "log_p = tf.math.log(p)\npolicy_loss = tf.reduce_mean(advantages * log_p)\nloss = -policy_loss + value_loss\n",
        "log_p = tf.math.log(p)\ngain_loss = tf.reduce_mean(returns * log_p)\nloss = entropy - gain_loss\n",
        "ratio = tf.exp(log_p - old)\nsurrogate_loss = ratio * advantages\nloss = -tf.minimum(surrogate_loss, other)\n",
        "adv_loss = adv_weight * tf.reduce_mean(tf.math.log(1.0 - fake + 1e-8))\n",
    ],
)
def test_a_minus_that_comes_later(source: str, findings: Any) -> None:
    assert not findings("policy-sign", classifier(source=source))


@pytest.mark.parametrize(("asked", "wrong"), [("objective", True), ("-objective", False), ("other", False)])
def test_what_the_gradient_is_taken_of(asked: str, wrong: bool, findings: Any) -> None:
    """Whatever it is called."""
    made = f"{LOGS}\n    objective = tf.reduce_mean(log_prob * reward)"
    source = BODY.format(made=made, value="0").replace("gradient(loss", f"gradient({asked}")
    assert bool(findings("policy-sign", classifier(source=source))) is wrong
