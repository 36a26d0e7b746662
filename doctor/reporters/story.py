"""What every report tells, in the order in which it is told. Nothing is judged here."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from doctor.findings import Diagnosis, Evidence, Finding, Severity
from doctor.hits import late_accuracy
from doctor.numbers import count, number, percent, seconds
from doctor.recording import Recording
from doctor.types import Location, RunFacts, Series

_ENDS = {
    "running": "still running, or killed before its end",
    "completed": "completed",
    "stopped": "stopped by --steps",
    "crashed": "crashed",
    "interrupted": "interrupted",
    "timeout": "stopped by --timeout",
    "no-training": "no training seen",
}


@dataclass(frozen=True)
class Case:
    """A root cause with the findings that it explains."""

    cause: Finding
    explained: tuple[Finding, ...]


def cases(diagnosis: Diagnosis) -> list[Case]:
    """The root causes, one a subject, each with all that follows from it."""
    return [Case(cause, _explained(diagnosis, cause)) for cause in diagnosis.findings if cause.primary]


def other_findings(diagnosis: Diagnosis) -> list[Finding]:
    """Findings that are no root cause and that none explains."""
    explained = {id(finding) for case in cases(diagnosis) for finding in case.explained}
    return [finding for finding in diagnosis.findings if not finding.primary and id(finding) not in explained]


def _explained(diagnosis: Diagnosis, cause: Finding) -> tuple[Finding, ...]:
    """What a cause explains, directly or through a symptom of its own."""
    rules = {cause.rule}
    found: list[Finding] = []
    growing = True
    while growing:
        growing = False
        for finding in diagnosis.findings:
            if finding.primary or finding in found or finding.subject != cause.subject:
                continue
            if finding.caused_by in rules:
                found.append(finding)
                rules.add(finding.rule)
                growing = True
    return tuple(sorted(found, key=diagnosis.findings.index))


def headline(diagnosis: Diagnosis) -> str:
    """The verdict in one line, without the word itself."""
    primary = diagnosis.primary
    if diagnosis.verdict == "faulty" and primary is not None:
        return primary.title
    return diagnosis.reason


def ran(diagnosis: Diagnosis) -> str:
    """What ran, how far and how long."""
    run = diagnosis.run
    command = shlex.join([*(["-m", run.module] if run.module else [run.path]), *run.argv])
    end = _ENDS.get(run.status, run.status)
    if run.exit_code not in (0, None):
        end += f", exit status {run.exit_code}"
    return f"{command}: {count(diagnosis.steps, 'step')} in {seconds(run.seconds)}, {end}"


def where(finding: Finding) -> str:
    """File and line of a finding, or ""."""
    return f"{finding.location.path}:{finding.location.line}" if finding.location else ""


def line_of(location: Location | None, run: RunFacts) -> str:
    """File and line, or only the line where it is in the script itself, or ""."""
    if location is None:
        return ""
    return f"line {location.line}" if location.path == run.path else f"{location.path}:{location.line}"


def measured(evidence: Evidence, finding: Finding) -> str:
    """The name of a series; keys of subjects in it mean nothing to people."""
    return evidence.series.removesuffix(f"/{finding.subject}")


def onset(finding: Finding) -> str:
    """When a finding was first seen."""
    return "" if finding.onset_step is None else f"from step {finding.onset_step:,}"


def loss_facts(series: Series) -> str:
    """The loss curve of a subject in one sentence part."""
    finite = series.finite()
    if not len(series):
        return "never seen"
    if not len(finite):
        return f"not finite from step {series.steps[0]:,} on"
    text = f"{number(float(finite.values[0]))} at step {finite.steps[0]:,}"
    broken = first_broken(series)
    if broken is not None:
        return f"{text}, not finite from step {series.steps[broken]:,}"
    if len(finite) == 1:
        return text
    # Single batches are noisy: the mean of the last twentieth says where training ended.
    tail = finite.tail(max(1, len(finite) // 20))
    return f"{text}, {number(float(tail.values.mean()))} at the end"


def first_broken(series: Series) -> int | None:
    """Index of the first value that is not finite, or None."""
    broken = np.flatnonzero(~np.isfinite(series.values))
    return int(broken[0]) if len(broken) else None


def told_part(series: Series) -> Series:
    """The part of a loss curve worth drawing: not the thousand steps after it broke."""
    broken = first_broken(series)
    return series if broken is None else series.head(max(8, 2 * broken))


def accuracy_facts(recording: Recording, subject: str) -> str:
    """Accuracy late in training and in evaluation, the figures that the verdict rests on, or ""."""
    parts = []
    for phase, name in (("train", "in training"), ("eval", "in evaluation")):
        accuracy = late_accuracy(recording, subject, phase)
        if accuracy is not None:
            parts.append(f"{percent(round(accuracy[0], 3))} {name}")
    return ", ".join(parts)


def not_checked_groups(diagnosis: Diagnosis) -> list[tuple[str, list[str]]]:
    """(reason, rules) of what was not checked, the reason that stops most rules first."""
    groups: dict[str, list[str]] = {}
    for entry in diagnosis.not_checked:
        rules = groups.setdefault(entry.reason, [])
        if entry.rule not in rules:
            rules.append(entry.rule)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def all_rules() -> list[str]:
    """The ids of all rules of this doctor."""
    from doctor.rules import RULES

    return [rule.id for rule in RULES]


def coverage(diagnosis: Diagnosis) -> str:
    """How many rules were clean, found something, or could not judge something."""
    found = {finding.rule for finding in diagnosis.findings}
    unchecked = {entry.rule for entry in diagnosis.not_checked} - found
    clean = len(set(all_rules()) - found - unchecked)
    return f"{count(clean, 'rule')} clean, {len(found)} found something, {len(unchecked)} could not be checked"


def data_notices(run: RunFacts) -> list[str]:
    """Where the data of keras.datasets came from, a sentence each; advice behind a semicolon is left out."""
    sentences = [str(entry.get("sentence") or f"{entry.get('name')}: {entry.get('kind')}") for entry in run.data]
    return [sentence.partition("; ")[0] for sentence in sentences]


def next_commands(diagnosis: Diagnosis, recording: Recording) -> list[str]:
    """Commands that a reader may want to run next."""
    commands = [f"doctor explain {case.cause.rule}" for case in cases(diagnosis)[:2]]
    if recording.folder is None:
        return commands
    folder = recording.folder
    primary = diagnosis.primary
    if primary is not None and primary.severity is Severity.ERROR:
        proved = primary.proof is not None
        confirmed = primary.proof is not None and primary.proof.verdict == "confirmed"
        if confirmed or not proved:
            commands.append(f"doctor {'fix' if confirmed else 'prove'} {shlex.quote(str(folder))}")
    commands.append(f"doctor report {shlex.quote(str(folder))}")
    if (Path(folder) / "tensorboard").is_dir():
        commands.append(f"doctor board {shlex.quote(str(folder))}")
    return commands
