"""The diagnosis as JSON: diagnosis.json, format 2. The contract that programs rely on.

Format 2 has "proof" in every finding, null where no experiment was done; else it is as format 1.
"""

from __future__ import annotations

import json
from typing import Any

from doctor.findings import (
    DIAGNOSIS_FORMAT,
    Diagnosis,
    Evidence,
    Finding,
    Fix,
    Proof,
    ProofRun,
    location_to_dict,
)
from doctor.jsonable import encode_number
from doctor.recording import Recording


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """The diagnosis as indented JSON with a final newline."""
    return dumps(diagnosis)


def dumps(diagnosis: Diagnosis) -> str:
    """As `report`, for those who have no recording at hand."""
    return json.dumps(to_dict(diagnosis), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """JSON-able form; every key of the format is present."""
    run = diagnosis.run
    return {
        "format": DIAGNOSIS_FORMAT,
        "script": {"path": run.path, "argv": list(run.argv), "sha256": run.sha256},
        "run": {
            "status": run.status,
            "exit_code": run.exit_code,
            "steps": diagnosis.steps,
            "seconds": finite(run.seconds),
            "capture_seconds": finite(run.capture_seconds),
            "versions": finite(dict(run.versions)),
            "data": [finite(dict(entry)) for entry in run.data],
        },
        "verdict": diagnosis.verdict,
        "findings": [_finding(finding) for finding in diagnosis.findings],
        "ruled_out": [{"fault": entry.fault, "why": entry.why} for entry in diagnosis.ruled_out],
        "not_checked": [
            *({"rule": entry.rule, "reason": entry.reason} for entry in diagnosis.not_checked),
            # The contract has no other place for what capture itself could not see.
            *({"rule": "capture", "reason": f"{one['part']}: {one['reason']}"} for one in diagnosis.run.not_captured),
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "subject": finding.subject,
        "rule": finding.rule,
        "fault": finding.fault,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "primary": finding.primary,
        "caused_by": finding.caused_by,
        "title": finding.title,
        "message": finding.message,
        "site": finding.site,
        "location": location_to_dict(finding.location),
        "onset_step": _integer(finding.onset_step),
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "fixes": [_fix(fix) for fix in finding.fixes],
        "proof": _proof(finding.proof),
    }


def _proof(proof: Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "repair": proof.repair or None,
        "control": _value(proof.control),
        "treated": _value(proof.treated),
        "metric": proof.metric,
        "steps": proof.steps,
        "seeds": proof.seeds,
        "verdict": proof.verdict,
        "reason": proof.reason,
        "diff": proof.diff,
        "runs": {"control": _proof_run(proof.control), "treated": _proof_run(proof.treated)},
    }


def _value(run: ProofRun | None) -> Any:
    return None if run is None else finite(run.value)


def _proof_run(run: ProofRun | None) -> dict[str, Any] | None:
    return None if run is None else {"steps": run.steps, "reason": run.reason, "recording": run.folder}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "series": evidence.series,
        "step": _integer(evidence.step),
        "observed": finite(evidence.observed),
        "limit": finite(evidence.limit),
        "unit": evidence.unit,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "code": fix.code, "location": location_to_dict(fix.location), "safe": fix.safe}


def _integer(value: Any) -> int | None:
    """Steps come out of NumPy arrays, whose integers `json` refuses."""
    return None if value is None else int(value)


def finite(value: Any) -> Any:
    """A value that JSON can hold: NumPy numbers unwrapped, non-finite ones named, at any depth."""
    if hasattr(value, "item") and not getattr(value, "shape", ()):
        value = value.item()
    if isinstance(value, float):
        return encode_number(value)
    if isinstance(value, dict):
        return {str(key): finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(entry) for entry in value]
    return value
