"""The report as Markdown, for an issue, a pull request or a hand-in."""

from __future__ import annotations

import re
from typing import Iterable

from doctor.findings import Diagnosis, Finding
from doctor.numbers import number
from doctor.recording import Recording
from doctor.reporters import code, proof, story


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """The whole report; nothing is folded, because a page is long anyway."""
    parts = [f"# {diagnosis.verdict.capitalize()}: {text(story.headline(diagnosis))}", _facts(diagnosis, recording)]
    found = story.cases(diagnosis)
    for case in found:
        if len(found) > 1 or diagnosis.verdict != "faulty":
            parts.append(f"## {text(case.cause.title)}")
        parts += _cause(case, recording)
    others = story.other_findings(diagnosis)
    if others:
        parts.append("## Other findings")
        for finding in others:
            parts.append(f"### {finding.severity.value.capitalize()}: {text(finding.title)}")
            parts += _details(finding, recording)
    if diagnosis.ruled_out:
        parts += ["## Ruled out", _list(f"`{entry.fault}`: {text(entry.why)}" for entry in diagnosis.ruled_out)]
    groups = story.not_checked_groups(diagnosis)
    if groups:
        entries = (f"{', '.join(f'`{rule}`' for rule in rules)}: {text(reason)}" for reason, rules in groups)
        parts += ["## Not checked", _list(entries)]
    lost = diagnosis.run.not_captured
    if lost:
        entries = (f"{text(entry.get('part', ''))}: {text(entry.get('reason', ''))}" for entry in lost)
        parts += ["## Not captured", _list(entries)]
    commands = story.next_commands(diagnosis, recording)
    if commands:
        parts += ["## Next", fence("\n".join(commands), "sh")]
    return "\n\n".join(part for part in parts if part) + "\n"


def text(words: str) -> str:
    """Text on one line in which HTML stays text; code in back quotes stays code."""
    return " ".join(words.split()).replace("<", "&lt;")


def fence(body: str, language: str = "") -> str:
    """A code block, its fence longer than any in the code."""
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{body}\n{marks}"


def _facts(diagnosis: Diagnosis, recording: Recording) -> str:
    lines = [f"Run: {text(story.ran(diagnosis))}"]
    for subject in recording.subjects:
        of = f" of `{subject.name}`" if len(recording.subjects) > 1 else ""
        lines.append(f"Loss{of}: {story.loss_facts(recording.losses(subject.key))}")
        accuracy = story.accuracy_facts(recording, subject.key)
        if accuracy:
            lines.append(f"Accuracy{of}: {accuracy}")
    lines += [f"Data: {text(notice)}" for notice in story.data_notices(diagnosis.run)]
    lines.append(f"Rules: {story.coverage(diagnosis)}")
    return _list(lines)


def _cause(case: story.Case, recording: Recording) -> list[str]:
    parts = _details(case.cause, recording)
    if case.explained:
        entries = (f"`{finding.rule}`: {text(finding.title)}{_aside(finding, recording)}" for finding in case.explained)
        parts += ["## What it explains", _list(entries)]
    return parts


def _aside(finding: Finding, recording: Recording) -> str:
    details = [part for part in (story.onset(finding), story.line_of(finding.location, recording.run)) if part]
    return f" ({', '.join(details)})" if details else ""


def _details(finding: Finding, recording: Recording) -> list[str]:
    """A finding in full. The root cause has headings of its own, others do without."""
    label = [f"`{finding.fault}`", finding.severity.value, f"confidence {finding.confidence.value}"]
    label += [part for part in (story.onset(finding), story.where(finding)) if part]
    parts = [", ".join(label)]
    lines = code.excerpt(recording, finding.location) if finding.location else []
    if lines:
        parts.append(fence("\n".join(f"{line.mark} {line.number:4d}  {line.text}".rstrip() for line in lines)))
    if finding.primary:
        parts.append("## Why")
    parts += [text(finding.message), _evidence(finding)]
    if finding.primary and finding.fixes:
        parts.append("## What to change")
    for fix in finding.fixes:
        elsewhere = fix.location not in (None, finding.location)
        place = f" ({story.line_of(fix.location, recording.run)})" if elsewhere else ""
        parts.append(text(fix.title) + place)
        lines = code.change(recording, finding, fix)
        if lines:
            is_change = any(line.mark != " " for line in lines)
            body = "\n".join(f"{line.mark} {line.text}" if is_change else line.text for line in lines)
            parts.append(fence(body, "diff" if is_change else "python"))
    return parts + _proof(finding)


def _proof(finding: Finding) -> list[str]:
    found = finding.proof
    if found is None:
        return []
    parts = [f"**{proof.heading(found)}**: {text(found.reason)}"]
    if finding.primary:
        parts.insert(0, "## Proof")
    entries = proof.facts(found)
    if entries:
        parts.append(_list(f"{term}: {text(told)}" for term, told in entries))
    if found.diff:
        parts.append(fence(found.diff.rstrip("\n"), "diff"))
    return parts


def _evidence(finding: Finding) -> str:
    if not finding.evidence:
        return ""
    rows = ["| measured | step | observed | limit | note |", "| --- | ---: | ---: | ---: | --- |"]
    for entry in finding.evidence:
        unit = "" if entry.unit in ("", "share") else f" {entry.unit}"
        cells = [
            f"`{story.measured(entry, finding)}`",
            "" if entry.step is None else f"{entry.step:,}",
            number(entry.observed, entry.unit) + unit,
            "" if entry.limit is None else number(entry.limit, entry.unit) + unit,
            text(entry.note),
        ]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)
