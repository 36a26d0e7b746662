"""Rule cloned-anew, and what it keeps from too-few-steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

ROUND = """\
def improve(server, x, y):
    local = keras.models.clone_model(server)
GIVEN
    local.compile("sgd", "mse")
    local.fit(x, y)
    return local.get_weights()


for turn in range(9):
    updates = [improve(net, *part) for part in parts]
    net.set_weights(average(updates))
"""
IN_LOOP = """\
while going:
    copy = tf.keras.models.clone_model(model)
    for x, y in task:
        with tf.GradientTape() as tape:
            loss = f(y, copy(x))
        for w, g in zip(copy.trainable_variables, tape.gradient(loss, copy.trainable_variables)):
            w.assign_sub(g)
    model.set_weights([a + b for a, b in zip(copy.get_weights(), old)])
"""


def federated(source: str, models: int = 2) -> Run:
    run = Run(source)
    for number in range(models):
        run.subject(f"model{number}").losses(np.linspace(2.0, 1.2, 300))
    return run


def rounds(given: str = "") -> str:
    return ROUND.replace("GIVEN", f"    {given}")


@pytest.mark.parametrize("source", [rounds(), IN_LOOP], ids=["helper", "loop"])
def test_copies_that_begin_anew(source: str, findings: Any) -> None:
    (found,) = findings("cloned-anew", federated(source))
    assert (found.fault, found.severity, found.confidence) == ("update-missing", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 2 and found.fixes[0].code == "copy.set_weights(model.get_weights())"


@pytest.mark.parametrize(
    "source",
    [
        rounds("local.set_weights(server.get_weights())"),
        rounds("local.load_weights('server.weights.h5')"),
        rounds("for a, b in zip(local.variables, server.variables): a.assign(b)"),
        rounds("copy_into(local, server)"),
        rounds().replace("    net.set", "    if better(updates): net.set"),
        rounds().replace("    net.set_weights(average(updates))", "    best = updates"),
        rounds().replace("improve(net", "improve(fresh"),
        "for fold in folds:\n    net = clone_model(base)\n    net.fit(x[fold], y[fold])\n",
    ],
    ids=["set", "load", "zip", "helper", "the best one", "nothing is given", "another model", "folds"],
)
def test_copies_that_are_given_weights_or_meant(source: str, findings: Any) -> None:
    assert not findings("cloned-anew", federated(source))


def test_threshold(findings: Any) -> None:
    assert not findings("cloned-anew", federated(rounds(), models=1))


def test_not_checked_without_losses(unchecked: Any) -> None:
    assert unchecked("cloned-anew", Run(rounds()).subject())


def test_a_round_is_no_training_that_ends_too_soon(findings: Any) -> None:
    """Each copy stops while its loss falls; the model goes on with what it learned."""
    def run(source: str) -> Run:
        falling = np.linspace(1.386, 1.2, 400)
        return classifier(falling, source=source).subject("next").losses(falling)

    assert not findings("too-few-steps", run(rounds("local.set_weights(server.get_weights())")))
    assert findings("too-few-steps", run("model.fit(x, y)\n"))
