"""Rule looks-ahead."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Severity
from tests.builders import classifier

TABLE = "WINDOW = 14\ntable['trend'] = table['sales'].{rolling}.mean()\n"


@pytest.mark.parametrize(
    "source, line",
    [
        (TABLE.format(rolling="rolling(7, center=True)"), 2),
        (TABLE.format(rolling="rolling(7)"), None),
        (TABLE.format(rolling="rolling(7, center=False)"), None),
        ("WINDOW = 14\nsmooth = sales.rolling(7, center=True).mean()\nplot(smooth)\n", None),
        (TABLE.format(rolling="rolling(7, center=True)").replace("WINDOW", "SIZE"), None),
    ],
)
def test_windows(source: str, line: int | None, findings: Any) -> None:
    found = findings("looks-ahead", classifier(failing=False, source=source))
    assert [(one.location.line, one.severity) for one in found] == ([(line, Severity.WARNING)] if line else [])
