"""Rule renamed-labels."""

from __future__ import annotations

import dataclasses
from typing import Any

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, classifier

SOURCE = "encoder = LabelEncoder()\ny_val = LabelEncoder().fit_transform(names)\nmodel.fit(x, y)\n"


FILLED = """\
def gathered():
    xs, ys = [], []
    for number, name in enumerate(table['label'].unique()):
        ys.append(tf.fill([size], number))
    return Dataset.from_tensor_slices((tf.concat(xs, 0), tf.concat(ys, 0)))
"""


def renamed(agree: float = 0.1, best: float = 0.95, reached: float = 0.1, array: bool = True) -> Run:
    """A run that trains; what training rows tell of its held-out labels, and its accuracy on these."""
    run = classifier(failing=False, source=SOURCE)
    run.site("output", "held", phase="eval", units=4, shape=[32, 4])
    for step in (10, 20):
        run.vector("output:held:eval", "correct", step, [reached * 100, 100])
    facts = {"rows": 64, "agree": agree, "renamed": best, "names": [[0, 2], [2, 0]]}
    run.site("rows", "batches", phase="eval", line=3, of="batches", renaming=facts)
    if array:
        run.site("array", "y_val", line=3, role="y_val", variable="y_val")
        run.site("rows", "held", line=3, of="arrays", used_for="eval", inputs=[], labels=["array:y_val"], rows=64)
        run.rows("rows:held", [1, 2, 3])
    return run


def test_two_encoders(findings: Any) -> None:
    (found,) = findings("renamed-labels", renamed())
    assert (found.fault, found.severity, found.confidence) == ("label-mismatch", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 2, "where the labels were made"
    assert "2 where training has 0" in found.message
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.1, 0.95)
    (found,) = findings("renamed-labels", renamed(array=False))
    assert found.location.line == 3, "where they are used"


def test_lists_that_are_filled_later(findings: Any) -> None:
    """An empty list is no place where labels are made: the line that counts the classes is."""
    run = renamed()
    run.source = FILLED
    made = run.sites["array:y_val"]
    place = Location("train.py", 5, "")
    facts = {**made.attributes, "variable": "tf.concat(ys, 0)"}
    run.sites["array:y_val"] = dataclasses.replace(made, location=place, attributes=facts)
    assert findings("renamed-labels", run)[0].location.line == 3
    run.source = FILLED.replace("table['label'].unique()", "rows")
    assert findings("renamed-labels", run)[0].location.line == 2


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    """Four fifths must fit under other names, three tenths more than as they are."""
    assert findings("renamed-labels", renamed(0.4, 0.8))
    assert not findings("renamed-labels", renamed(0.4, 0.79))
    assert not findings("renamed-labels", renamed(0.71, 1.0))
    assert ruled_out("renamed-labels", renamed(0.9, 0.9))


def test_a_model_that_does_well_on_these_labels(findings: Any) -> None:
    assert not findings("renamed-labels", renamed(reached=0.9))


def test_nothing_known(check: Any) -> None:
    assert check("renamed-labels", classifier(failing=False)) == []
