"""Rule metric-overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

METRIC = """
class Matrix(keras.metrics.Metric):
    def update_state(self, y_true, y_pred, sample_weight=None):
        counts = confusion(y_true, y_pred)
        UPDATE

    def result(self):
        return tf.linalg.trace(self.matrix) / tf.reduce_sum(self.matrix)

score = Matrix()
"""


def measured(update: str, source: str = METRIC) -> Run:
    return classifier(failing=False, source=source.replace("UPDATE", update))


def test_the_last_batch_only(findings: Any, primary: Any) -> None:
    run = measured("self.matrix.assign(counts)")
    (found,) = findings("metric-overwritten", run)
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert (found.location.line, found.fixes[0].code) == (5, "self.matrix.assign_add(counts)")
    assert found.title == "The metric `Matrix` holds the last batch only"
    assert primary(run).rule == "metric-overwritten"


@pytest.mark.parametrize(
    "update",
    [
        "self.matrix.assign_add(counts)",
        "self.matrix.assign(self.matrix + counts)",
        "self.total.assign_add(1.0)\n        self.matrix.assign(counts)",
        "before = self.matrix\n        self.matrix.assign(before * 0.9 + counts)",
        "self._add(counts)\n        self.matrix.assign(counts)\n\n    def _add(self, counts):\n        pass",
        "self.inner.update_state(y_true, y_pred)\n        self.matrix.assign(counts)",
        "self.batches += 1\n        self.matrix.assign(counts)",
    ],
)
def test_what_is_kept(update: str, findings: Any) -> None:
    assert not findings("metric-overwritten", measured(update))


def test_only_metrics_that_are_made(findings: Any) -> None:
    assert not findings("metric-overwritten", measured("self.matrix.assign(counts)",
                                                       METRIC.replace("score = Matrix()", "")))  # fmt: skip
    layer = METRIC.replace("keras.metrics.Metric", "keras.layers.Layer")
    assert not findings("metric-overwritten", measured("self.matrix.assign(counts)", layer))


def test_updates_once_an_epoch(findings: Any) -> None:
    """A score of the whole epoch is assigned by right, and a figure that is no score of answers is another matter."""
    loop = "score = Matrix()\nfor epoch in range(9):\n    score.update_state(y, p)\n"
    looped = METRIC.replace("score = Matrix()", loop)
    assert not findings("metric-overwritten", measured("self.matrix.assign(counts)", looped))
    inner = looped.replace("    score.update", "    for batch in data:\n        score.update")
    assert findings("metric-overwritten", measured("self.matrix.assign(counts)", inner))
    assert not findings("metric-overwritten", measured("self.matrix.assign(self.optimizer.learning_rate)"))
