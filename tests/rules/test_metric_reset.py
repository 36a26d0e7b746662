"""Rule metric-reset."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

METRIC = """
class F1(keras.metrics.Metric):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.hits.assign_add(tf.reduce_sum(y_pred))
        self.events.assign_add(tf.reduce_sum(y_true))
        self.batches += 1

    def result(self):
        return self.hits / self.events

    def reset_state(self):
        RESET

model.compile(metrics=[F1()])
"""


def test_a_counter_that_is_left_out(findings: Any) -> None:
    source = METRIC.replace("RESET", "self.hits.assign(0.0)\n        self.batches = 0")
    (found,) = findings("metric-reset", classifier(failing=False, source=source))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert found.title == "The metric `F1` never resets `self.events`"
    assert (found.location.line, found.fixes[0].code) == (11, "self.events.assign(0.0)")


@pytest.mark.parametrize(
    "reset",
    [
        "self.hits.assign(0.0)\n        self.events.assign(0.0)\n        self.batches = 0",
        "for v in self.variables: v.assign(0.0)",
        "[v.assign(0.0) for v in self.variables]",
        "super().reset_state()\n        self.batches = 0",
        "self.result()",
    ],
)
def test_all_is_reset(findings: Any, reset: str) -> None:
    assert not findings("metric-reset", classifier(failing=False, source=METRIC.replace("RESET", reset)))


def test_keras_resets_by_itself(findings: Any) -> None:
    """Without a method of its own; and a class that nothing uses does no harm."""
    source = METRIC.replace("RESET", "self.hits.assign(0.0)")
    assert findings("metric-reset", classifier(source=source))
    assert not findings("metric-reset", classifier(source=source.replace("reset_state", "reset_states")))
    assert not findings("metric-reset", classifier(source=source.replace("F1()", "'accuracy'")))
