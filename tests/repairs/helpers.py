"""Findings on a line of a script, for repairs: no recording of a run is needed to write an edit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping, Sequence

from doctor.findings import Confidence, Finding, Fix, Severity
from doctor.judgement import Judgement
from doctor.recording import Recording
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.rules.view import SubjectView
from doctor.types import Location, Site
from tests.builders import Run


def case(
    source: str,
    fault: str,
    on: str,
    *,
    rule: str | None = None,
    code: str = "",
    fixes: Sequence[Fix] = (),
    run: Run | None = None,
    neighbours: Mapping[str, str] | None = None,
    **facts: Any,
) -> Case:
    """A finding on the first line of the script that holds `on`.

    Args:
        source: the script.
        fault: of the finding.
        on: a piece of the line that it points at.
        rule: of the finding, by default the fault.
        code: of its only fix, where `fixes` gives none.
        fixes: of the finding.
        run: what was recorded, by default nothing.
        neighbours: the user's other files.
        facts: other fields of the finding.
    """
    recording = (run or Run()).build()
    recording.source = source
    recording.sources = {recording.run.path: source, **(neighbours or {})}
    place = _place(recording, on)
    finding = Finding(
        rule=rule or fault,
        fault=fault,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        location=place,
        fixes=tuple(fixes) or ((Fix("", code),) if code else ()),
        **{"title": "", "message": "", **facts},
    )
    subject = recording.subjects[0] if recording.subjects else Site("", "subject", "the script")
    return Case(recording, finding, SubjectView(recording, subject, Judgement("failing", "")))


def _place(recording: Recording, on: str) -> Location:
    for path, text in recording.sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            if on in line:
                return Location(path, number, line.strip())
    raise AssertionError(f"no line holds {on!r}")


def repaired(repair: Repair, given: Case) -> list[str]:
    """The new texts of the finding's file, in the order in which they are offered."""
    assert repair.suits(given.finding)
    return [patch.files[given.location.path] for patch in repair.patches(given)]


def changed(repair: Repair, given: Case) -> list[str]:
    """Lines that the first patch puts in, stripped of their indentation."""
    patch: Patch = next(iter(repair.patches(given)))
    lines = patch.diff(given.recording.sources).splitlines()
    return [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]


def refused(repair: Repair, given: Case) -> str:
    """Why a repair could not be written."""
    try:
        list(repair.patches(given))
    except CannotWrite as why:
        return str(why)
    raise AssertionError("it was written")


__all__ = ["case", "changed", "refused", "repaired", "replace"]
