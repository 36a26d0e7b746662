"""Rule near-copies."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
x, y = augmented(x, y)
x_train, x_val, y_train, y_val = train_test_split(x, y)
net.fit(x_train, y_train, validation_data=(x_val, y_val))
"""


def split(near: int, gap: float) -> Run:
    run = classifier(failing=False, source=SOURCE)
    run.site("array", "x_val", line=3, role="x_val", variable="x_val", shape=[100, 20])
    return run.site("fit", "fit", line=3, near_copies={"rows": 100, "near": near, "gap": gap})


def test_copies_on_both_sides(findings: Any, primary: Any) -> None:
    (found,) = findings("near-copies", split(90, 3.5))
    assert (found.fault, found.severity, found.confidence) == ("leakage", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 2, "where the rows are split"
    assert [one.observed for one in found.evidence] == [0.9, 3.5]
    assert primary(split(90, 3.5)).rule == "near-copies"


def test_copies_in_a_loop_of_the_scripts_own(findings: Any) -> None:
    run = classifier(failing=False, source=SOURCE)
    run.site("array", "x_val", line=3, role="x_val", variable="x_val", shape=[100, 20])
    run.site("held_out", "rows", line=3, near_copies={"rows": 100, "near": 90, "gap": 3.5}, array="array:x_val")
    (found,) = findings("near-copies", run)
    assert found.site == "array:x_val" and found.location.line == 2


@pytest.mark.parametrize("near, gap, fires", [(50, 1.8, True), (49, 1.8, False), (50, 1.79, False)])
def test_limits(near: int, gap: float, fires: bool, findings: Any, ruled_out: Any) -> None:
    assert bool(findings("near-copies", split(near, gap))) is fires
    assert bool(ruled_out("near-copies", split(near, gap))) is not fires


def test_nothing_to_compare(check: Any) -> None:
    assert not check("near-copies", classifier())
