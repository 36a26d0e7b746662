"""The findings as workflow commands of GitHub Actions, which shows them on the lines of a pull request."""

from __future__ import annotations

from doctor.findings import Diagnosis, Finding, Severity
from doctor.recording import Recording
from doctor.reporters import story

#: Levels of annotations, as GitHub calls them.
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """One command a finding, root causes first, and the verdict as a notice at the end."""
    lines = [_annotation(finding) for finding in diagnosis.findings]
    title, told = f"doctor: {diagnosis.verdict}", f"{story.headline(diagnosis)}. {story.ran(diagnosis)}"
    lines.append(f"::notice title={_property(title)}::{_message(told)}")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding) -> str:
    properties = {}
    if finding.location is not None:
        properties = {"file": finding.location.path, "line": str(finding.location.line)}
    properties["title"] = f"{finding.fault}: {finding.title}"
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    parts = [finding.message]
    if finding.caused_by:
        parts.append(f"Follows from {finding.caused_by}.")
    parts += [f"Change: {fix.title}" + (f"\n{fix.code}" if fix.code else "") for fix in finding.fixes]
    return f"::{_LEVELS[finding.severity]} {told}::{_message(chr(10).join(parts))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
