"""Rule scored-apart."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run
from tests.rules.test_learned_by_heart import by_hand, scored


def test_scored_apart(findings: Any) -> None:
    (found,) = findings("scored-apart", scored(0.3, evaluated=0.9))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.MEDIUM)
    assert found.location.line == 3 and [one.observed for one in found.evidence] == [0.9, 0.3]


@pytest.mark.parametrize(
    "run",
    [scored(0.6, evaluated=0.9), scored(0.3, evaluated=0.6), scored(0.3), scored(0.3, rows=40, evaluated=0.9)],
    ids=["a little off", "neither is good", "no evaluation", "few rows"],
)
def test_scores_that_do_not_contradict(run: Run, findings: Any) -> None:
    assert not findings("scored-apart", run)


def test_other_rows_than_those_evaluated(findings: Any) -> None:
    run = scored(0.3, evaluated=0.9)
    run.site("array", "x_val", role="x_val", shape=[150, 20])
    run.site("rows", "rows of x_val", phase="eval", of="arrays", used_for="eval", inputs=["array:x_val"], width=20,
             rows=150, share_bits=0)  # fmt: skip
    run.rows("rows:rows of x_val:eval", list(range(1, 151)))
    assert not findings("scored-apart", run)


def test_the_script_misreads_what_the_model_says(findings: Any) -> None:
    (found,) = findings("scored-apart", by_hand(0.3, plain=0.9))
    assert found.title == "The score misreads the model" and found.location.line == 3
    assert [one.observed for one in found.evidence] == [0.9, 0.3]
    assert "A plain reading of the same answers finds 90 % of the rows right" in found.message


@pytest.mark.parametrize(
    "run",
    [by_hand(0.6, plain=0.9), by_hand(0.3, plain=0.4), by_hand(0.3, plain=None), by_hand(0.3, plain=0.9, rows=40),
     by_hand(0.3, plain=0.9, name="r2")],
    ids=["a little off", "neither is good", "no plain reading", "few rows", "values"],
)  # fmt: skip
def test_readings_that_do_not_contradict(run: Run, findings: Any) -> None:
    assert not findings("scored-apart", run)
