"""Rule scaled-alone."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change
from tests.rules.test_label_mismatch import related

SOURCE = """
def scaled(a):
    mean = a.mean(axis={axis}, keepdims=True)
    std = a.std(axis={axis}, keepdims=True)
    return (a - mean) / std

x = scaled(readings)
{more}
""" + "\n" * 60


def standardised(axis: str, *, deviations: float = 0.5, failing: bool = True, more: str = "") -> Run:
    run = related(deviations, failing=failing)
    run.site("array", "x", line=62, role="x", variable="x")
    run.source = SOURCE.format(axis=axis, more=more)
    return run


@pytest.mark.parametrize("axis, line", [("1", 4), ("(1, 2)", 4), ("-1", 4), ("0", None), ("(0, 1)", None)])
def test_over_which_axis(axis: str, line: int | None, findings: Any) -> None:
    found = findings("scaled-alone", standardised(axis))
    assert [one.location.line for one in found] == ([line] if line else [])


def test_the_finding(findings: Any, primary: Any) -> None:
    (found,) = findings("scaled-alone", standardised("1"))
    assert (found.severity, found.confidence, found.fault) == (Severity.ERROR, Confidence.HIGH, "degenerate-feature")
    assert found.evidence[0].observed == 0.5 and found.evidence[0].limit == 3.5
    assert primary(standardised("1")).rule == "scaled-alone"


def test_where_labels_are_told_or_learned(findings: Any) -> None:
    assert not findings("scaled-alone", standardised("1", deviations=3.6))
    assert not findings("scaled-alone", standardised("1", failing=False))


def test_labels_that_were_shuffled_apart_are_another_fault(findings: Any) -> None:
    assert not findings("scaled-alone", standardised("1", more="rng.shuffle(y)"))


def test_labels_of_another_file(findings: Any) -> None:
    """They are paired by their place alone, which is likelier to be wrong: see label-mismatch."""
    for more, count in (("readings = np.load('x.npy')\ny = np.load('y.npy')", 0), ("y = kinds(readings)", 1)):
        run = standardised("1", more="")
        run.source = run.source.replace("x = scaled", f"{more}\nx = scaled", 1)
        for key in ("x", "y"):
            change(run, f"array:{key}", variable=key)
        assert len(findings("scaled-alone", run)) == count
