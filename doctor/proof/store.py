"""What was proved of a run, kept beside its recording: `proof/proof.json`. Read without LibCST."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Mapping, Sequence

from doctor.findings import PROOF_VERDICTS, Confidence, Diagnosis, Finding, Proof, ProofRun, Severity
from doctor.jsonable import decode_number, encode_number

FOLDER = "proof"
FILE = "proof.json"
STORE_FORMAT = 1


#: Subject, rule, fault, file and line, site of a finding.
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Proved:
    """The outcome of an experiment.

    Attributes:
        proofs: by the finding that they are about.
        files: the user's files with all confirmed repairs written into them, by the path that locations have.
        diff: the same as a unified diff, "" where nothing was confirmed.
        cured: whether training works with these, and the rules find nothing more of severity error.
        steps: training steps of all trials.
        seconds: wall time.
        complete: whether it came to its end: by no Ctrl-C, no end of the time, no trial that was barred from writing.
    """

    proofs: Mapping[Key, Proof] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    diff: str = ""
    cured: bool = False
    steps: int = 0
    seconds: float = 0.0
    complete: bool = True


def key(finding: Finding) -> Key:
    """What a finding is known by when a recording is judged again."""
    place = finding.location
    where = f"{place.path}:{place.line}" if place is not None else ""
    return finding.subject, finding.rule, finding.fault, where, finding.site


def save(folder: Path, proved: Proved) -> None:
    """Write the outcome into a run folder, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    entries = [{"finding": list(known), **_encoded(proof)} for known, proof in proved.proofs.items()]
    content = {
        "format": STORE_FORMAT,
        "proofs": entries,
        "files": dict(proved.files),
        "diff": proved.diff,
        "cured": proved.cured,
        "steps": proved.steps,
        "seconds": proved.seconds,
        "complete": proved.complete,
    }
    temporary = place / ".proof.json.new"
    temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    temporary.replace(place / FILE)


def load(folder: Path | None) -> Proved | None:
    """What was proved of a run; None where nothing was, or where another version wrote it."""
    if folder is None:
        return None
    try:
        content = json.loads((folder / FOLDER / FILE).read_text(encoding="utf-8"))
        if content["format"] != STORE_FORMAT:
            return None
        proofs: dict[Key, Proof] = {}
        for entry in content["proofs"]:
            subject, rule, fault, where, site = map(str, entry["finding"])
            proofs[subject, rule, fault, where, site] = _decoded(entry)
        return Proved(
            proofs,
            {str(path): str(text) for path, text in content["files"].items()},
            str(content["diff"]),
            bool(content["cured"]),
            int(content["steps"]),
            float(content["seconds"]),
            bool(content["complete"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _encoded(proof: Proof) -> dict[str, Any]:
    content = asdict(proof)
    for name in ("control", "treated"):
        if content[name] is not None and content[name]["value"] is not None:
            content[name]["value"] = encode_number(content[name]["value"])
    return content


def _decoded(entry: Mapping[str, Any]) -> Proof:
    if entry["verdict"] not in PROOF_VERDICTS:
        raise ValueError(entry["verdict"])
    return Proof(
        verdict=str(entry["verdict"]),
        reason=str(entry["reason"]),
        repair=str(entry["repair"]),
        diff=str(entry["diff"]),
        metric=str(entry["metric"]),
        control=_run(entry.get("control")),
        treated=_run(entry.get("treated")),
        steps=int(entry["steps"]),
        seeds=int(entry["seeds"]),
    )


def _run(one: Mapping[str, Any] | None) -> ProofRun | None:
    if one is None:
        return None
    value = None if one["value"] is None else float(decode_number(one["value"]))
    return ProofRun(value, int(one["steps"]), str(one["reason"]), str(one["folder"]))


def attached(diagnosis: Diagnosis, proved: Proved | None) -> Diagnosis:
    """The diagnosis with what was proved: a refuted cause steps down, and a confirmed one becomes primary.

    A cause that was confirmed is certain. One that was refuted is a warning; where nothing else explains the failing
    run it stays its only suspect, of low confidence.
    """
    if proved is None:
        return diagnosis
    findings = [_with_proof(one, proved.proofs.get(key(one))) for one in diagnosis.findings]
    findings = _ranked(findings)
    reason = diagnosis.reason
    old, new = diagnosis.primary, next((one for one in findings if one.primary), None)
    if old is not None and new is not None and key(old) != key(new):
        reason = reason.replace(old.title, new.title)
    return replace(diagnosis, findings=tuple(findings), reason=reason)


def _with_proof(finding: Finding, proof: Proof | None) -> Finding:
    if proof is None:
        return finding
    if proof.verdict == "confirmed":
        return replace(finding, proof=proof, confidence=Confidence.CERTAIN)
    if proof.verdict == "refuted":
        milder = finding.severity if finding.primary else max(finding.severity, Severity.WARNING, key=_rank)
        return replace(finding, proof=proof, confidence=Confidence.LOW, severity=milder)
    return replace(finding, proof=proof)


def _ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Findings with the best confirmed cause of each subject first."""
    ranked: list[Finding] = []
    for subject in dict.fromkeys(one.subject for one in findings):
        group = [one for one in findings if one.subject == subject]
        primary = next((one for one in group if one.primary), None)
        if primary is not None and (primary.proof is None or primary.proof.verdict != "confirmed"):
            better = next((one for one in group if one.proof is not None and one.proof.verdict == "confirmed"), None)
            if better is not None:
                group = [_stepped(one, primary, better) for one in group]
        ranked += group
    return sorted(ranked, key=lambda one: (not one.primary, one.severity.rank, one.onset_step or 0))


def _stepped(one: Finding, old: Finding, new: Finding) -> Finding:
    if one is new:
        return replace(one, primary=True, caused_by=None, severity=min(one.severity, old.severity, key=_rank))
    if one is old:
        refuted = one.proof is not None and one.proof.verdict == "refuted"
        return replace(one, primary=False, severity=Severity.WARNING if refuted else one.severity)
    return replace(one, caused_by=new.rule) if one.caused_by == old.rule else one


def _rank(severity: Severity) -> int:
    return severity.rank
