"""The report for people at a terminal: the verdict first, then why, what to change, what else."""

from __future__ import annotations

from typing import TextIO

from doctor.findings import Diagnosis, Finding, Severity
from doctor.numbers import count, number
from doctor.recording import Recording
from doctor.reporters import code, proof, story
from doctor.reporters.curve import BLOCKS, sparkline
from doctor.reporters.page import Page

#: How many entries of a list are shown before the rest is folded into a count.
SHOWN = 6

_VERDICT_STYLES = {"healthy": "bold green", "faulty": "bold red", "unclear": "bold yellow"}
_SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_PROOF_STYLES = {"confirmed": "bold green", "refuted": "bold red", "inconclusive": "bold yellow", "not tried": "bold"}
_CHANGE_STYLES = {"-": "red", "+": "green", " ": "dim"}


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """The report without colour, 80 columns wide."""
    page = Page()
    _fill(page, diagnosis, recording)
    return page.plain


def write(diagnosis: Diagnosis, recording: Recording, stream: TextIO) -> None:
    """Write the report to a stream: in colour and as wide as the terminal, where it is one."""
    page = Page.for_stream(stream)
    _fill(page, diagnosis, recording)
    page.write(stream)


def _fill(page: Page, diagnosis: Diagnosis, recording: Recording) -> None:
    _verdict(page, diagnosis, recording)
    found = story.cases(diagnosis)
    for case in found:
        if len(found) > 1 or diagnosis.verdict != "faulty":
            name = recording.sites[case.cause.subject].name if case.cause.subject in recording.sites else ""
            page.heading(f"{case.cause.title}{f' (in {name})' if name else ''}")
        _cause(page, case, recording)
    _others(page, story.other_findings(diagnosis), recording)
    _ruled_out(page, diagnosis)
    _not_checked(page, diagnosis)
    _not_captured(page, diagnosis)
    commands = story.next_commands(diagnosis, recording)
    if commands:
        page.heading("NEXT")
        for command in commands:
            page.paragraph(command, indent=4, first="  ")


def _verdict(page: Page, diagnosis: Diagnosis, recording: Recording) -> None:
    style = _VERDICT_STYLES.get(diagnosis.verdict, "bold")
    lead = f"{diagnosis.verdict.upper()}: "
    page.paragraph(story.headline(diagnosis), indent=len(lead), style="bold", first=lead, first_style=style)
    page.blank()
    facts = [("run", story.ran(diagnosis))]
    facts += _curves(page, recording)
    facts += [("data", notice) for notice in story.data_notices(diagnosis.run)]
    facts.append(("rules", story.coverage(diagnosis)))
    page.listing(facts, style="dim")


def _curves(page: Page, recording: Recording) -> list[tuple[str, str]]:
    """Loss and accuracy of every subject, the first four."""
    facts = []
    several = len(recording.subjects) > 1
    for subject in recording.subjects[:4]:
        losses = recording.losses(subject.key)
        of = f" of {subject.name}" if several else ""
        drawn = story.told_part(losses)
        line = sparkline(drawn, blocks=page.can_show(BLOCKS))
        if line and len(drawn) < len(losses):
            line += f"  (the first {len(drawn)} steps)"
        facts.append((f"loss{of}", story.loss_facts(losses) + (f"\n{line}" if line else "")))
        accuracy = story.accuracy_facts(recording, subject.key)
        if accuracy:
            facts.append((f"accuracy{of}", accuracy))
    if len(recording.subjects) > 4:
        facts.append(("", f"and {len(recording.subjects) - 4} more trained models"))
    return facts


def _cause(page: Page, case: story.Case, recording: Recording) -> None:
    cause = case.cause
    page.blank()
    _label(page, cause)
    _excerpt(page, cause, recording)
    page.heading("WHY")
    page.paragraph(cause.message)
    _evidence(page, cause)
    if cause.fixes:
        page.heading("WHAT TO CHANGE")
        _fixes(page, cause, recording)
    _proof(page, cause, recording)
    if case.explained:
        page.heading("WHAT IT EXPLAINS")
        _titles(page, case.explained, recording)


def _label(page: Page, finding: Finding) -> None:
    """Fault, severity, confidence and onset of a finding in one line, its place in another."""
    parts = [finding.fault, finding.severity.value, f"confidence {finding.confidence.value}"]
    if finding.onset_step is not None:
        parts.append(story.onset(finding))
    page.paragraph(", ".join(parts), style=_SEVERITY_STYLES[finding.severity])
    if finding.location:
        page.blank()
        page.paragraph(story.where(finding))


def _excerpt(page: Page, finding: Finding, recording: Recording) -> None:
    lines = code.excerpt(recording, finding.location) if finding.location else []
    if not lines:
        return
    digits = len(str(max(line.number for line in lines)))
    for line in lines:
        mark = ">" if line.mark == ">" else " "
        page.code(f"  {mark} {line.number:{digits}d} | {line.text}", "bold" if line.mark == ">" else "dim")


def _evidence(page: Page, finding: Finding) -> None:
    evidence = finding.evidence
    if not evidence:
        return
    page.blank()
    rows = [
        (
            story.measured(entry, finding),
            "" if entry.step is None else f"{entry.step:,}",
            _with_unit(entry.observed, entry.unit),
            _with_unit(entry.limit, entry.unit),
        )
        for entry in evidence
    ]
    header = ["measured", "step", "observed", "limit"]
    used = [0] + [column for column in (1, 2, 3) if any(row[column] for row in rows)]
    page.table(
        [header[column] for column in used],
        [[row[column] for column in used] for row in rows],
        notes=[entry.note for entry in evidence],
    )


def _with_unit(value: float | None, unit: str) -> str:
    text = number(value, unit)
    return text if unit in ("", "share") or not text else f"{text} {unit}"


def _fixes(page: Page, finding: Finding, recording: Recording) -> None:
    for index, fix in enumerate(finding.fixes):
        if index:
            page.blank()
        place = ""
        if fix.location and fix.location != finding.location:
            place = f" ({story.line_of(fix.location, recording.run)})"
        lead = f"  {index + 1}. " if len(finding.fixes) > 1 else "  "
        page.paragraph(fix.title + place, indent=len(lead), first=lead)
        for line in code.change(recording, finding, fix):
            page.code(f"{' ' * len(lead)}  {line.mark} {line.text}", _CHANGE_STYLES[line.mark] if line.mark else "")


def _proof(page: Page, finding: Finding, recording: Recording) -> None:
    """The experiment: its verdict, both curves to one scale, and the change that was tried."""
    found = finding.proof
    if found is None:
        return
    page.heading("PROOF")
    page.paragraph(found.reason, first=f"  {proof.heading(found)}: ", first_style=_PROOF_STYLES[found.verdict])
    blocks = page.can_show(BLOCKS)
    rows = proof.facts(found)
    for pair in proof.pairs(recording, finding):
        drawn = {
            proof.CONTROL: sparkline(pair.control, blocks=blocks, beside=[pair.treated]),
            proof.TREATED: sparkline(pair.treated, blocks=blocks, beside=[pair.control]),
        }
        rows = [(term, f"{text}\n{drawn[term]}  {pair.name}" if drawn.get(term) else text) for term, text in rows]
    if rows:
        page.blank()
        page.listing(rows)
    changed = proof.change(found)
    if changed:
        page.blank()
        for line in changed:
            page.code(f"    {line}", _CHANGE_STYLES.get(line[:1], "dim"))


def _titles(page: Page, findings: tuple[Finding, ...], recording: Recording) -> None:
    """A list of findings, one short entry each."""
    entries = []
    for finding in findings[:SHOWN]:
        details = [part for part in (story.onset(finding), story.line_of(finding.location, recording.run)) if part]
        entries.append((finding.rule, finding.title + (f" ({', '.join(details)})" if details else "")))
    page.listing(entries)
    if len(findings) > SHOWN:
        page.paragraph(f"and {len(findings) - SHOWN} more", style="dim")


def _others(page: Page, findings: list[Finding], recording: Recording) -> None:
    """Findings beside the root cause; those that accuse of something come in full."""
    if not findings:
        return
    page.heading("OTHER FINDINGS")
    for index, finding in enumerate(findings[:SHOWN]):
        if index:
            page.blank()
        style = _SEVERITY_STYLES[finding.severity]
        lead = f"  {finding.severity.value}: "
        page.paragraph(finding.title, indent=4, style="bold", first=lead, first_style=style)
        place = story.line_of(finding.location, recording.run)
        details = [f"{finding.rule}, confidence {finding.confidence.value}", story.onset(finding), place]
        page.paragraph(", ".join(part for part in details if part), indent=4, style="dim")
        page.paragraph(finding.message, indent=4)
        for line in code.excerpt(recording, finding.location, context=0) if finding.location else []:
            page.code(f"    > {line.number} | {line.text}")
        for fix in finding.fixes[:1]:
            page.paragraph(fix.title, indent=4, first="    Change: ")
            for line in code.change(recording, finding, fix):
                page.code(f"      {line.mark} {line.text}", _CHANGE_STYLES[line.mark])
        if finding.proof is not None:
            told = f"{proof.heading(finding.proof)}: {finding.proof.reason}"
            page.paragraph(told, indent=4, first="    Proof: ", first_style=_PROOF_STYLES[finding.proof.verdict])
    if len(findings) > SHOWN:
        page.paragraph(f"and {len(findings) - SHOWN} more; --format json lists all", style="dim")


def _ruled_out(page: Page, diagnosis: Diagnosis) -> None:
    if not diagnosis.ruled_out:
        return
    page.heading("RULED OUT")
    page.listing([(entry.fault, entry.why) for entry in diagnosis.ruled_out[: SHOWN + 2]])
    if len(diagnosis.ruled_out) > SHOWN + 2:
        page.paragraph(f"and {len(diagnosis.ruled_out) - SHOWN - 2} more; --format json lists all", style="dim")


def _not_checked(page: Page, diagnosis: Diagnosis) -> None:
    groups = story.not_checked_groups(diagnosis)
    if not groups:
        return
    rules_unchecked = len({entry.rule for entry in diagnosis.not_checked})
    page.heading(f"NOT CHECKED ({count(rules_unchecked, 'rule')})")
    for reason, rules in groups[:SHOWN]:
        names = ", ".join(rules[:4]) + (f" and {len(rules) - 4} more" if len(rules) > 4 else "")
        page.paragraph(f"{names}: {reason}", indent=4, first="  ")
    if len(groups) > SHOWN:
        page.paragraph(f"and {count(len(groups) - SHOWN, 'more reason')}; --format json lists all", style="dim")


def _not_captured(page: Page, diagnosis: Diagnosis) -> None:
    """What capture had to leave out."""
    if diagnosis.run.not_captured:
        page.heading("NOT CAPTURED")
        page.listing([(entry.get("part", ""), entry.get("reason", "")) for entry in diagnosis.run.not_captured[:SHOWN]])
        if len(diagnosis.run.not_captured) > SHOWN:
            page.paragraph(f"and {len(diagnosis.run.not_captured) - SHOWN} more", style="dim")
