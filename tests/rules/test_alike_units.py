"""Rule alike-units."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def mixture(distinct: int = 3, *, units: int = 12, std: float = 0.0, norm: float = 2.0, label: int = 1) -> Run:
    """A network whose last kernel starts with one number and has `distinct` different columns at the end."""
    run = classifier(classes=units, failing=False, loss={"function": "other", "labels": "continuous"})
    change(run, "label:y", encoding="continuous", shape=[32, label])
    change(run, "variable:w2", shape=[32, units], distinct_units=distinct)
    change(run, "variable:w1", distinct_units=32)
    replace_series(run, "weight", "variable:w2", range(10), size=32 * units, std=std, example_std=std,
                   norm=[0.0] * 9 + [norm])  # fmt: skip
    return run


def test_components_that_stay_copies(findings: Any, primary: Any) -> None:
    (found,) = findings("alike-units", mixture())
    assert (found.fault, found.severity, found.confidence) == ("init-constant", Severity.WARNING, Confidence.HIGH)
    assert found.title == "Outputs of `w2` are copies of each other"
    assert [(one.observed, one.limit) for one in found.evidence] == [(3, 6)]
    assert primary(mixture()).rule == "alike-units"


@pytest.mark.parametrize(("distinct", "fires"), [(6, True), (7, False), (12, False)])
def test_how_many_differ(distinct: int, fires: bool, findings: Any, ruled_out: Any) -> None:
    assert bool(findings("alike-units", mixture(distinct))) is fires
    assert bool(ruled_out("alike-units", mixture(distinct))) is not fires


def test_what_is_no_fault(findings: Any) -> None:
    assert not findings("alike-units", mixture(std=0.1))  # alike by rows that were tied, not from the start
    assert not findings("alike-units", mixture(norm=0.0))  # never trained: see update-missing
    assert not findings("alike-units", mixture(label=12))  # pixels that are always dark
    classes = mixture()
    change(classes, "loss:cross_entropy", function="softmax_cross_entropy", labels="index")
    assert not findings("alike-units", classes)  # classes that never occur


def test_not_looked_at(unchecked: Any) -> None:
    assert unchecked("alike-units", classifier())
