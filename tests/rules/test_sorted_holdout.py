"""Rule sorted-holdout."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier


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
    assert findings("sorted-holdout", cut([225, 75], [14, 86]))
    assert not findings("sorted-holdout", cut([225, 75], [16, 84]))
    assert not findings("sorted-holdout", held_out([70, 30], [5, 95], split=None)), "balanced for training, say"
    assert ruled_out("sorted-holdout", held_out([8, 8, 8], [10, 11, 11]))


def cut(trained: list[int], held: list[int], batches: list[float] | None = None) -> Run:
    """The labels are known as an array, of which Keras cut off a quarter; batches tell less."""
    run = held_out([8, 8], batches or [0, 8])
    for role, counts in (("y", np.add(trained, held)), ("y_val", np.asarray(held))):
        classes = {str(number): int(count) for number, count in enumerate(counts)}
        run.site("array", role, role=role, shape=[int(counts.sum())], classes=classes)
    return run


def test_batches_of_one_kind_are_not_all_that_is_held_out(findings: Any) -> None:
    """Records in their order: the first batches of the last quarter are of one activity."""
    assert not findings("sorted-holdout", held_out([50, 50], [0, 32]))
    assert findings("sorted-holdout", cut([150, 150, 0], [0, 0, 100], batches=[8, 8])), "all of it"
    assert not findings("sorted-holdout", cut([150, 150], [40, 60]))


def test_many_classes(findings: Any) -> None:
    """Words, of which each batch holds a few: that one was not seen in training says nothing."""
    words = [0.0] * 200
    trained, held = [1.0] * 30 + words, words + [1.0] * 30
    assert not findings("sorted-holdout", held_out(trained, held, split=None)), "three of each"
    few = held_out([4.0, 4.0, 0.0], [0.0, 0.0, 8.0], split=None)
    assert findings("sorted-holdout", few), "all of 24 are of a class that 80 do not hold"


def test_answers_of_each_class_are_no_classes(findings: Any) -> None:
    """Yes and no of ten classes in training, the classes themselves in an accuracy of the evaluation."""
    run = held_out([90.0, 10.0], [3.0] * 10, None)
    assert findings("sorted-holdout", run)
    assert not findings("sorted-holdout", change(run, "label:y", encoding="binary"))


def test_prices_in_whole_dollars_are_no_classes(findings: Any) -> None:
    run = cut([225, 75], [14, 86])
    assert findings("sorted-holdout", run)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    assert not findings("sorted-holdout", run)
