"""Rule sorted-holdout."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def held_out(trained: list[float], held: list[float], split: float | None = 0.25) -> Run:
    """Labels by class of each of ten training batches and of three of validation."""
    source = "model.fit(x, y,\n    validation_split=0.25)\n"
    run = classifier(failing=False, source=source)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    for step in range(10):
        run.vector("label:y", "class_counts", step, trained)
    run.site("label", "held", phase="eval", shape=[32], dtype="int64", encoding="index")
    for step in range(3):
        run.vector("label:held:eval", "class_counts", step, held)
    return run.site("fit", "fit", line=1, validation_split=split)


def test_the_last_class_is_held_out(findings: Any) -> None:
    (found,) = findings("sorted-holdout", held_out([16, 16, 0], [0, 1, 31]))
    assert (found.fault, found.severity, found.confidence) == ("unshuffled", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 2 and "of class 1, 2" in found.message
    assert found.evidence[0].observed == 31 / 32
    assert findings("sorted-holdout", held_out([16, 16, 0], [0, 1, 31], split=None)), "cut by hand"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    """Three tenths unseen; three fifths between the shares, and that only of what Keras cuts off."""
    assert not findings("sorted-holdout", held_out([5, 5, 0], [35, 35, 30]))
    assert findings("sorted-holdout", held_out([5, 5, 0], [35, 34, 31]))
    assert findings("sorted-holdout", held_out([70, 30], [5, 95]))
    assert not findings("sorted-holdout", held_out([60, 40], [5, 95]))
    assert not findings("sorted-holdout", held_out([70, 30], [5, 95], split=None)), "balanced for training, say"
    assert ruled_out("sorted-holdout", held_out([8, 8, 8], [10, 11, 11]))
