"""Rule script-crash."""

from __future__ import annotations

from typing import Any


from doctor.findings import Severity
from tests.builders import classifier

CRASH = {"type": "ValueError", "message": "Shapes (32, 3) and (32, 4) are incompatible\nmore", "traceback": "",
         "location": ["train.py", 12, "loss = f(y, x)"]}  # fmt: skip


def test_crash(findings: Any) -> None:
    run = classifier(failing=False)
    run.facts.update(status="crashed", crash=CRASH)
    (found,) = findings("script-crash", run)
    assert found.severity is Severity.ERROR and found.location.line == 12 and found.onset_step == 300
    assert found.message == "ValueError: Shapes (32, 3) and (32, 4) are incompatible"


def test_locations_of_any_form(findings: Any) -> None:
    for location in ({"path": "train.py", "line": 12, "code": ""}, None):
        run = classifier(failing=False)
        run.facts.update(crash={**CRASH, "location": location})
        assert findings("script-crash", run)


def test_no_crash_is_silent(check: Any) -> None:
    assert not check("script-crash", classifier())
