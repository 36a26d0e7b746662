"""Rule rewards-errors."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series

SOURCE = """\
class Focal(keras.losses.Loss):
    def call(self, y_true, y_pred):
        p = tf.reduce_sum(y_true * y_pred, -1)
        return p**2 * -tf.math.log(p)
"""


def rewarded(
    right: float = 1.0, losses: Sequence[float] | None = None, source: str = SOURCE, **loss: Any
) -> Run:
    """A run of four classes whose loss falls while `right` of 32 answers are right."""
    run = classifier(
        np.geomspace(0.05, 1e-6, 300) if losses is None else losses, source=source,
        loss={"function": "log_probability", "keras_loss": "Focal", **loss},
    )  # fmt: skip
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(290, 300):
        run.vector("output:out", "correct", step, [right, 32.0])
    return run


def test_nearly_all_answers_are_wrong(findings: Any, primary: Any) -> None:
    (found,) = findings("rewards-errors", rewarded())
    assert (found.fault, found.severity, found.confidence) == ("loss-wrong", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 4, "what the loss returns"
    assert "3.1 % of the answers are right, where guessing gets 25 %" in found.message
    assert primary(rewarded()).rule == "rewards-errors"


@pytest.mark.parametrize("right, fires", [(0.0, True), (1.6, True), (1.7, False), (8.0, False)])
def test_how_far_below_guessing(right: float, fires: bool, findings: Any) -> None:
    """Half of a quarter, less three standard errors of 320 predictions: 0.125 - 0.0726 = 0.0524, or 1.68 of 32."""
    assert bool(findings("rewards-errors", rewarded(right))) is fires


def test_what_is_told_elsewhere(findings: Any) -> None:
    flat = [0.05] * 300
    assert not findings("rewards-errors", rewarded(losses=flat)), "a loss that does not fall rewards nothing"
    negative = np.linspace(1.0, -5.0, 300)
    assert not findings("rewards-errors", rewarded(losses=negative)), "below zero its sign is wrong: loss-sign"


def test_after_an_explosion(findings: Any) -> None:
    """It comes down to what a constant answer gives: no answer is rewarded."""
    came_down = [1.4, 9.0, 6.0, *[1.4] * 297]
    assert not findings("rewards-errors", rewarded(0.0, came_down, function="softmax_cross_entropy"))
    assert findings("rewards-errors", rewarded(0.0, np.geomspace(9.0, 0.9, 300), function="softmax_cross_entropy"))


def test_not_checked_without_labels(unchecked: Any) -> None:
    assert unchecked("rewards-errors", Run().subject().losses([1.0]))


def answered(error: float, shown: float | None = 0.05) -> Run:
    """Yes or no, half of each, answered between 0 and 1 with a squared error; a metric of Keras beside it."""
    run = classifier(np.geomspace(0.3, 0.05, 300), loss={"function": "other"}, classes=2)
    run = change(run, "label:y", encoding="continuous")
    run._vectors = []
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.5, std=0.5, size=32)
    replace_series(run, "output", "output:out", range(10), min=0.01, max=0.99, mean=0.5, std=0.4, size=32)
    for step in range(10):
        run.vector("output:out", "errors", step, [32 * error, 32 * 0.25, 32.0])
    return run if shown is None else run.scalar("epoch/binary_accuracy", 299, shown)


def test_answers_that_are_turned_round(findings: Any) -> None:
    (found,) = findings("rewards-errors", answered(0.7))
    assert found.evidence[0].observed == pytest.approx(0.7) and found.evidence[0].limit == 0.5
    assert findings("rewards-errors", answered(0.56)) and not findings("rewards-errors", answered(0.54))
    assert not findings("rewards-errors", answered(0.7, None)), "a distance is small where the answer is yes"
    assert not findings("rewards-errors", answered(0.7, 0.25))
