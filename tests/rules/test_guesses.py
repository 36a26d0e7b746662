"""What a run gains beside guesses without training, and what follows from that."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.engine import diagnose
from doctor.findings import Confidence, Severity
from doctor.judgement import judge
from doctor.rules.view import SubjectView
from tests.builders import Run, change, classifier


def guessed(right: int, *, steps: int = 300, score: float = 0.95, classes: int = 4, deviations: float = 30.0) -> Run:
    """A run of 300 steps of which `right` of 32 predictions are right late, beside guesses of that accuracy."""
    run = classifier([1.4 * 0.99**step for step in range(steps)], failing=False)
    run._vectors.clear()
    for step in range(0, steps, max(1, steps // 10)):
        run.vector("label:y", "class_counts", step, [8.0] * 4)
        run.vector("output:out", "correct", step, [float(right), 32.0])
        run.series("output", "output:out", [step], mean=0, std=1, min=-2, max=2)
    relation = {"kind": "classes", "rows": 500, "classes": classes, "copies": [], "score": score, "chance": 0.25,
                "deviations": deviations}  # fmt: skip
    return run.site("rows", "r", of="batches", relation=relation).rows("rows:r", [1, 2, 3])


def level(run: Run) -> Run:
    """The same with a loss that comes to rest half way."""
    run._losses.clear()
    return run.losses([max(1.4 * 0.99**step, 0.5) for step in range(300)])


def view(run: Run) -> SubjectView:
    recording = run.build()
    return SubjectView(recording, recording.subjects[0], judge(recording, recording.subjects[0]))


@pytest.mark.parametrize("right, degree", [(32, None), (25, None), (24, Severity.WARNING), (20, Severity.WARNING),
                                           (19, Severity.ERROR)])  # fmt: skip
def test_degree(right: int, degree: Severity | None) -> None:
    """Held back below three quarters of what guesses gain, as good as failing below a half."""
    one = view(guessed(right))
    assert one.guessed == pytest.approx((right / 32 - 0.25) / 0.7)
    assert one.degree is degree and one.behind is (degree is not None)


@pytest.mark.parametrize(
    "run",
    [guessed(16, steps=100), guessed(16, deviations=4.9), guessed(16, classes=2)],
    ids=["a few steps", "guesses that are none", "one of several answers"],
)
def test_unknown(run: Run) -> None:
    assert view(run).guessed is None and not view(run).behind


def test_predictions_of_the_first_half_say_nothing() -> None:
    run = guessed(16)
    run._rows = [row for row in run._rows if row[1] != "output" or row[2] < 150]
    assert view(run).guessed is None


def test_values() -> None:
    """The share of the variance that is explained, beside the square of the correlation that guesses reach."""
    run = guessed(16)
    run._vectors.clear()
    change(run, "label:y", encoding="continuous")
    change(run, "output:out", units=1)
    change(run, "loss:cross_entropy", function="squared_error", takes="values")
    for step in range(0, 300, 30):
        run.vector("output:out", "errors", step, [32 * 0.6, 32.0, 32.0])
    relation = {"kind": "values", "rows": 500, "classes": None, "copies": [], "score": 0.9, "chance": 0.0,
                "deviations": 20.0}  # fmt: skip
    change(run, "rows:r", relation=relation)
    assert view(run).guessed == pytest.approx(0.4 / 0.81)


def test_nothing_else_was_found(findings: Any) -> None:
    assert not diagnose(guessed(20).build()).findings, "one that still falls is on its way"
    diagnosis = diagnose(level(guessed(20)).build())
    assert diagnosis.primary is not None and diagnosis.verdict == "unclear"
    found = diagnosis.primary
    assert (found.fault, found.severity, found.confidence) == ("unknown", Severity.WARNING, Confidence.LOW)
    assert "It gains 54 % of what guesses" in found.message
    assert not diagnose(level(guessed(25)).build()).findings
