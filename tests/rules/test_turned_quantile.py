"""Rule turned-quantile."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Severity
from tests.builders import classifier

LOSS = """\
LEVEL = 0.9
def pinball(y_true, y_pred):
    e = {}
    return tf.reduce_mean(tf.maximum({}))
"""
USUAL = "LEVEL * e, (LEVEL - 1) * e"


def test_prediction_minus_label(findings: Any) -> None:
    (found,) = findings("turned-quantile", classifier(failing=False, source=LOSS.format("y_pred - y_true", USUAL)))
    assert (found.fault, found.severity, found.location.line) == ("loss-wrong", Severity.ERROR, 3)
    assert found.title == "The quantile loss is turned round: it finds the quantile 0.1, not 0.9"
    assert found.fixes[0].code == "e = y_true - y_pred"


@pytest.mark.parametrize(
    "source",
    [
        LOSS.format("tf.reshape(y_pred, [-1]) - y_true[:, 0]", "(LEVEL - 1.0) * e, LEVEL * e"),
        LOSS.format("0", "0.9 * (y_pred - y_true), (0.9 - 1) * (y_pred - y_true)"),
        "class P(Loss):\n    def call(self, y, q):\n        e = q - y\n        return max(0.2 * e, (0.2 - 1) * e)\n",
    ],
)
def test_other_ways_to_write_it(source: str, findings: Any) -> None:
    assert findings("turned-quantile", classifier(failing=False, source=source))


def test_several_levels_are_a_warning(findings: Any) -> None:
    source = LOSS.replace("0.9", "tf.constant([0.1, 0.9])").format("y_pred - y_true", USUAL)
    assert findings("turned-quantile", classifier(source=source))[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "source",
    [
        LOSS.format("y_true - y_pred", USUAL),
        LOSS.replace("0.9", "0.5").format("y_pred - y_true", USUAL),
        LOSS.format("y_pred - y_true", "(1 - LEVEL) * e, -LEVEL * e"),
        "def clip(a, b):\n    e = a - b\n    return maximum(0.1 * e, (0.1 - 1) * e)\n",
        "def leak(out, y):\n    return maximum(0.2 * out, out)\n",
    ],
)
def test_what_is_right_or_unknown(source: str, findings: Any) -> None:
    assert not findings("turned-quantile", classifier(source=source))


def test_not_checked_without_losses(unchecked: Any) -> None:
    from tests.builders import Run

    assert unchecked("turned-quantile", Run().subject())
