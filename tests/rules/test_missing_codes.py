"""Rule missing-codes."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def table(count: int, *, role: str = "x", value: float = -999.0, both: bool = False) -> Run:
    """1,000 rows of which so many hold -999 in the second of two columns."""
    run = classifier(failing=False)
    run.site("file", "air.csv", line=12)
    code = {"value": value, "count": count}
    columns = [{"name": "t", "code": code if both else None}, {"name": "no2", "code": code}]
    return run.site("array", "x_train", line=40, role=role, shape=[1000, 2], columns=columns)


def test_a_coded_column(findings: Any) -> None:
    (found,) = findings("missing-codes", table(30))
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.MEDIUM, 12)
    assert "Column 1 (`no2`) of `x_train` is -999 in 30 of 1000 rows" in found.message
    assert found.fixes[0].code == "na_values=[-999]"


def test_a_number_that_says_nothing(findings: Any) -> None:
    """What was standardised is told by several columns; of one, sums that are 0 are as they are."""
    assert not findings("missing-codes", table(30, value=-2.84))
    assert not findings("missing-codes", table(30, value=0.0))
    (found,) = findings("missing-codes", table(30, value=-2.84, both=True))
    assert "So it is in columns 0 (`t`), 1 (`no2`)." in found.message


def test_thresholds(findings: Any) -> None:
    assert findings("missing-codes", table(5)) and not findings("missing-codes", table(4))
    assert not findings("missing-codes", table(30, role="y")), "targets are another matter"
