"""Annotations: what GitHub's workflow commands need escaped is escaped."""

from __future__ import annotations

import dataclasses
from typing import Any

from doctor.findings import Severity
from doctor.reporters import github
from doctor.types import Location


def test_an_annotation(faulty: Any) -> None:
    diagnosis, recording = faulty
    first, *_, last = github.report(diagnosis, recording).splitlines()
    assert first.startswith("::error file=train.py,line=7,title=init-too-large%3A The initial weights are too large")
    assert last.startswith("::notice title=doctor%3A faulty::")


def test_escapes_and_levels(faulty: Any) -> None:
    diagnosis, recording = faulty
    finding = dataclasses.replace(
        diagnosis.findings[0], title="50 %, at: once", message="a\nb", fixes=(), severity=Severity.WARNING,
        location=Location("a,b.py", 3), caused_by=None, fault="unknown",
    )  # fmt: skip
    line = github.report(dataclasses.replace(diagnosis, findings=(finding,)), recording).splitlines()[0]
    assert line == "::warning file=a%2Cb.py,line=3,title=unknown%3A 50 %25%2C at%3A once::a%0Ab"
    info = dataclasses.replace(finding, severity=Severity.INFO, location=None)
    line = github.report(dataclasses.replace(diagnosis, findings=(info,)), recording).splitlines()[0]
    assert line.startswith("::notice title=unknown")
