"""Rule missing-codes."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def table(count: int, *, role: str = "x", failing: bool = False) -> Run:
    """1,000 rows of which so many hold -999 in the second of two columns."""
    run = classifier(failing=failing)
    run.site("file", "air.csv", line=12)
    columns = [{"name": "t", "code": None}, {"name": "no2", "code": {"value": -999.0, "count": count}}]
    return run.site("array", "x_train", line=40, role=role, shape=[1000, 2], columns=columns)


def test_a_coded_column(findings: Any) -> None:
    (found,) = findings("missing-codes", table(30))
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.MEDIUM, 12)
    assert "Column 1 (`no2`) of `x_train` is -999 in 30 of 1000 rows" in found.message
    assert findings("missing-codes", table(30, failing=True))[0].severity is Severity.ERROR


def test_thresholds(findings: Any) -> None:
    assert findings("missing-codes", table(5)) and not findings("missing-codes", table(4))
    assert not findings("missing-codes", table(30, role="y")), "targets are another matter"
