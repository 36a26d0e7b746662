"""The report as one HTML page that needs no other file and no network."""

from __future__ import annotations

from typing import Any

from doctor.comparison.settings import describe
from doctor.findings import Diagnosis, Finding
from doctor.numbers import number
from doctor.recording import Recording
from doctor.reporters import code, proof, story
from doctor.reporters.html import charts
from doctor.reporters.html.environment import coloured, environment


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """The whole page. Everything that comes from the run is escaped."""
    cases = [
        {
            "finding": _finding(case.cause, diagnosis, recording, f"cause-{index}"),
            "explained": [_brief(finding, recording) for finding in case.explained],
            "subject": _subject_name(recording, case.cause.subject),
        }
        for index, case in enumerate(story.cases(diagnosis))
    ]
    others = [
        _finding(finding, diagnosis, recording, f"other-{index}")
        for index, finding in enumerate(story.other_findings(diagnosis))
    ]
    return environment().get_template("report.html").render(
        title=f"{diagnosis.verdict}: {diagnosis.run.path}",
        verdict=diagnosis.verdict,
        headline=story.headline(diagnosis),
        facts=_facts(diagnosis, recording),
        cases=cases,
        others=others,
        models=[_model(diagnosis, recording, index) for index in range(len(recording.subjects))],
        ruled_out=diagnosis.ruled_out,
        not_checked=story.not_checked_groups(diagnosis),
        not_captured=diagnosis.run.not_captured,
        source=_source(diagnosis, recording),
        script=diagnosis.run.path,
        versions=[(name, str(version)) for name, version in diagnosis.run.versions.items()],
        commands=story.next_commands(diagnosis, recording),
    )  # fmt: skip


def _facts(diagnosis: Diagnosis, recording: Recording) -> list[tuple[str, str]]:
    facts = [("Run", story.ran(diagnosis))]
    for subject in recording.subjects:
        of = f" of {subject.name}" if len(recording.subjects) > 1 else ""
        facts.append(("Loss", story.loss_facts(recording.losses(subject.key)) + of))
        accuracy = story.accuracy_facts(recording, subject.key)
        if accuracy:
            facts.append(("Accuracy", accuracy + of))
    facts += [("Data", notice) for notice in story.data_notices(diagnosis.run)]
    facts.append(("Rules", story.coverage(diagnosis)))
    return facts


def _finding(finding: Finding, diagnosis: Diagnosis, recording: Recording, name: str) -> dict[str, Any]:
    location = finding.location
    return {
        "rule": finding.rule,
        "fault": finding.fault,
        "title": finding.title,
        "message": finding.message,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "onset": story.onset(finding),
        "place": story.where(finding),
        "line": location.line if location is not None and location.path == diagnosis.run.path else None,
        "excerpt": code.excerpt(recording, location) if location is not None else [],
        "evidence": [_row(entry, finding) for entry in finding.evidence],
        "drawings": list(charts.evidence(recording, finding, name)),
        "fixes": [
            {
                "title": fix.title,
                "place": story.line_of(fix.location, recording.run) if fix.location not in (None, location) else "",
                "lines": code.change(recording, finding, fix),
            }
            for fix in finding.fixes
        ],
        "proof": _proof(finding, recording, name),
    }


def _proof(finding: Finding, recording: Recording, name: str) -> dict[str, Any] | None:
    found = finding.proof
    if found is None:
        return None
    return {
        "verdict": found.verdict.replace(" ", "-"),
        "heading": proof.heading(found),
        "reason": found.reason,
        "facts": proof.facts(found),
        "drawings": list(charts.experiment(recording, finding, f"{name}-proof")),
        "lines": [code.CodeLine(0, line[1:], line[:1]) for line in proof.change(found) if not line.startswith("@@")],
    }


def _row(entry: Any, finding: Finding) -> dict[str, str]:
    unit = "" if entry.unit in ("", "share") else f" {entry.unit}"
    return {
        "series": story.measured(entry, finding),
        "step": "" if entry.step is None else f"{entry.step:,}",
        "observed": number(entry.observed, entry.unit) + unit,
        "limit": "" if entry.limit is None else number(entry.limit, entry.unit) + unit,
        "note": entry.note,
    }


def _brief(finding: Finding, recording: Recording) -> dict[str, str]:
    details = [part for part in (story.onset(finding), story.line_of(finding.location, recording.run)) if part]
    return {"rule": finding.rule, "title": finding.title, "aside": ", ".join(details)}


def _model(diagnosis: Diagnosis, recording: Recording, index: int) -> dict[str, Any]:
    subject = recording.subjects[index]
    onsets = [
        finding.onset_step
        for finding in diagnosis.findings
        if finding.primary and finding.subject == subject.key and finding.onset_step is not None
    ]
    return {
        "name": subject.name,
        "training": list(charts.training(recording, subject.key, min(onsets, default=None), f"model-{index}")),
        "layers": list(charts.layers(recording, subject.key, f"layers-{index}")),
        "settings": list(dict.fromkeys(describe(recording, subject))),
    }


def _source(diagnosis: Diagnosis, recording: Recording) -> list[dict[str, Any]]:
    """The script line by line, with the findings that name a line."""
    blamed: dict[int, list[Finding]] = {}
    for finding in diagnosis.findings:
        if finding.location is not None and finding.location.path == diagnosis.run.path:
            blamed.setdefault(finding.location.line, []).append(finding)
    return [
        {
            "number": index,
            "text": text,
            "primary": any(finding.primary for finding in blamed.get(index, ())),
            "notes": [f"{finding.rule}: {finding.title}" for finding in blamed.get(index, ())],
        }
        for index, text in enumerate(coloured(recording.source), start=1)
    ]


def _subject_name(recording: Recording, key: str) -> str:
    return recording.sites[key].name if len(recording.subjects) > 1 and key in recording.sites else ""
