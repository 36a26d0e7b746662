"""The findings as SARIF 2.1.0, which code hosts and editors show at the line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from doctor import __version__
from doctor.findings import Confidence, Diagnosis, Evidence, Finding, Fix, Severity
from doctor.numbers import number
from doctor.recording import Recording
from doctor.reporters import code
from doctor.types import Location

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_RANKS = {Confidence.CERTAIN: 100.0, Confidence.HIGH: 80.0, Confidence.MEDIUM: 50.0, Confidence.LOW: 20.0}


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """One SARIF log with one run; what was not checked stands among its notifications."""
    rules = list(dict.fromkeys(finding.rule for finding in diagnosis.findings))
    run = {
        "tool": {
            "driver": {
                "name": "doctor",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_descriptor(rule, diagnosis) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(diagnosis)],
        "results": [_result(finding, rules, recording) for finding in diagnosis.findings],
        "properties": {
            "verdict": diagnosis.verdict,
            "reason": diagnosis.reason,
            "ruledOut": [{"fault": entry.fault, "why": entry.why} for entry in diagnosis.ruled_out],
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _descriptor(rule: str, diagnosis: Diagnosis) -> dict[str, Any]:
    fault = next(finding.fault for finding in diagnosis.findings if finding.rule == rule)
    return {
        "id": rule,
        "shortDescription": {"text": f"Finds the fault {fault}"},
        "help": {"text": f"`doctor explain {rule}` says what is measured, why it matters and what to do."},
        "properties": {"tags": [fault]},
    }


def _invocation(diagnosis: Diagnosis) -> dict[str, Any]:
    """How the script ended, and what could not be judged."""
    run = diagnosis.run
    notifications = [
        {"level": "note", "message": {"text": f"Not checked: {entry.rule}: {entry.reason}"}}
        for entry in diagnosis.not_checked
    ]
    notifications += [
        {
            "level": "warning",
            "message": {"text": f"Not captured: {entry.get('part', '')}: {entry.get('reason', '')}"},
        }
        for entry in run.not_captured
    ]
    # Doctor did its job, however the script ended; that is told in the properties.
    return {
        "executionSuccessful": True,
        "arguments": [run.path, *run.argv],
        "toolExecutionNotifications": notifications,
        "properties": {"status": run.status, "exitCode": run.exit_code, "steps": diagnosis.steps},
    }


def _result(finding: Finding, rules: list[str], recording: Recording) -> dict[str, Any]:
    evidence = [_sentence(entry) for entry in finding.evidence]
    text = "\n".join([f"{finding.title}. {finding.message}", *evidence])
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "rank": _RANKS[finding.confidence],
        "message": {"text": text},
        "partialFingerprints": {"doctor/v1": _fingerprint(finding)},
        "properties": {
            "fault": finding.fault,
            "confidence": finding.confidence.value,
            "primary": finding.primary,
            "causedBy": finding.caused_by,
            "subject": finding.subject,
            "site": finding.site,
            "onsetStep": None if finding.onset_step is None else int(finding.onset_step),
        },
    }
    if finding.location is not None:
        result["locations"] = [{"physicalLocation": _physical(finding.location, recording)}]
    fixes = [change for fix in finding.fixes if (change := _fix(finding, fix, recording))]
    if fixes:
        result["fixes"] = fixes
    return result


def _sentence(evidence: Evidence) -> str:
    at = "" if evidence.step is None else f" at step {evidence.step:,}"
    limit = "" if evidence.limit is None else f", limit {number(evidence.limit, evidence.unit)}"
    return f"{evidence.series}{at}: {number(evidence.observed, evidence.unit)}{limit}"


def _fingerprint(finding: Finding) -> str:
    """Stays the same while the line moves within its file."""
    place = (finding.location.path, finding.location.code) if finding.location else ("", "")
    return hashlib.sha256("\0".join((finding.rule, finding.fault, *place)).encode()).hexdigest()[:32]


def _physical(location: Location, recording: Recording) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(location.path, recording.run.path)}}
    if location.line > 0:
        region: dict[str, Any] = {"startLine": location.line}
        if location.code:
            region["snippet"] = {"text": location.code}
        physical["region"] = region
    return physical


def uri(path: str, script: str) -> str:
    """A path as a URI; a neighbour's path counts from the folder of the script."""
    if PureWindowsPath(path).drive or path.startswith("/"):
        return "file://" + quote("/" + PureWindowsPath(path).as_posix().lstrip("/"), safe="/:")
    if path != script and not Path(script).is_absolute():
        path = str(PurePosixPath(PureWindowsPath(script).parent.as_posix()) / path)
    return quote(PureWindowsPath(path).as_posix())


def _fix(finding: Finding, fix: Fix, recording: Recording) -> dict[str, Any] | None:
    """A fix that a program can apply: only where it is known which lines it replaces."""
    location = fix.location or finding.location
    if location is None or not fix.code.strip():
        return None
    first, old = code.replaced_lines(recording, location, fix.code)
    if not old or location.path != recording.run.path:
        return None
    indentation = old[0][: len(old[0]) - len(old[0].lstrip())]
    lines = [f"{indentation}{line}" if line.strip() else "" for line in code.dedent(fix.code.splitlines())]
    replacement = {
        "deletedRegion": {"startLine": first, "endLine": first + len(old) - 1},
        "insertedContent": {"text": "\n".join(lines)},
    }
    change = {
        "artifactLocation": {"uri": uri(location.path, recording.run.path)},
        "replacements": [replacement],
    }
    return {"description": {"text": fix.title}, "artifactChanges": [change]}
