"""The report as one HTML page that needs no other file and no network."""

from __future__ import annotations

import re
from html import escape
from typing import Iterable

import numpy as np

from doctor.findings import Diagnosis, Finding
from doctor.recording import Recording
from doctor.reporters import code, story
from doctor.reporters.numbers import number
from doctor.types import Series

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --bad: #c62828; --good: #2e7d32; --doubt: #b26a00; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin-bottom: 0; }
.faulty, .error { color: var(--bad); } .healthy { color: var(--good); } .unclear, .warning { color: var(--doubt); }
pre, code { font: 0.875rem/1.5 ui-monospace, monospace; } code { background: var(--soft); padding: 0 0.2em; }
pre { background: var(--soft); padding: 0.6rem 0.8rem; overflow-x: auto; border-radius: 4px; }
pre code { background: none; padding: 0; }
.old { color: var(--bad); } .new { color: var(--good); } .here { font-weight: bold; }
table { border-collapse: collapse; } th, td { text-align: right; padding: 0.15rem 0.9rem 0.15rem 0; }
th { font-weight: normal; opacity: 0.7; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left; }
dt { font-weight: bold; float: left; clear: left; width: 6rem; } dd { margin: 0 0 0.2rem 6.5rem; }
svg { width: 100%; height: 9rem; background: var(--soft); border-radius: 4px; }
polyline { fill: none; stroke: currentColor; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.broken { stroke: var(--bad); stroke-dasharray: 4; vector-effect: non-scaling-stroke; }
figure { margin: 1rem 0; } figcaption { font-size: 0.875rem; opacity: 0.7; }
"""

#: A curve has no more points than a screen has columns to show them.
_POINTS = 800


def report(diagnosis: Diagnosis, recording: Recording) -> str:
    """The whole page. Everything that comes from the run is escaped."""
    verdict = escape(diagnosis.verdict)
    body = [
        f'<h1><span class="{verdict}">{verdict.capitalize()}:</span> {text(story.headline(diagnosis))}</h1>',
        _facts(diagnosis, recording),
        *_curves(recording),
    ]
    found = story.cases(diagnosis)
    for case in found:
        if len(found) > 1 or diagnosis.verdict != "faulty":
            body.append(f"<h2>{text(case.cause.title)}</h2>")
        body += _details(case.cause, recording)
        if case.explained:
            body += ["<h2>What it explains</h2>", _titles(case.explained, recording)]
    others = story.other_findings(diagnosis)
    if others:
        body.append("<h2>Other findings</h2>")
    for finding in others:
        severity = finding.severity.value
        body.append(f'<h3><span class="{severity}">{severity.capitalize()}:</span> {text(finding.title)}</h3>')
        body += _details(finding, recording)
    if diagnosis.ruled_out:
        entries = (f"<code>{escape(entry.fault)}</code>: {text(entry.why)}" for entry in diagnosis.ruled_out)
        body += ["<h2>Ruled out</h2>", _list(entries)]
    groups = story.not_checked_groups(diagnosis)
    if groups:
        entries = (f"<code>{escape(', '.join(rules))}</code>: {text(reason)}" for reason, rules in groups)
        body += ["<h2>Not checked</h2>", _list(entries)]
    if diagnosis.run.not_captured:
        lost = diagnosis.run.not_captured
        entries = (f"{text(entry.get('part', ''))}: {text(entry.get('reason', ''))}" for entry in lost)
        body += ["<h2>Not captured</h2>", _list(entries)]
    commands = story.next_commands(diagnosis, recording)
    if commands:
        body += ["<h2>Next</h2>", _pre(escape(command) for command in commands)]
    title = escape(f"{diagnosis.verdict}: {diagnosis.run.path}")
    head = f'<meta charset="utf-8">\n<title>{title}</title>\n<style>{_STYLE}</style>'
    head += '\n<meta name="viewport" content="width=device-width">'
    inner = "\n".join(body)
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{inner}\n</body>\n</html>\n'


def text(words: str) -> str:
    """Escaped text, in which `back quotes` mark code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words))


def _facts(diagnosis: Diagnosis, recording: Recording) -> str:
    facts = [("Run", story.ran(diagnosis))]
    for subject in recording.subjects:
        of = f" of {subject.name}" if len(recording.subjects) > 1 else ""
        facts.append(("Loss", story.loss_facts(recording.losses(subject.key)) + of))
        accuracy = story.accuracy_facts(recording, subject.key)
        if accuracy:
            facts.append(("Accuracy", accuracy + of))
    facts += [("Data", notice) for notice in story.data_notices(diagnosis.run)]
    facts.append(("Rules", story.coverage(diagnosis)))
    return "<dl>" + "".join(f"<dt>{term}</dt><dd>{text(fact)}</dd>" for term, fact in facts) + "</dl>"


def _curves(recording: Recording) -> Iterable[str]:
    for subject in recording.subjects:
        series = story.told_part(recording.losses(subject.key))
        drawn = _curve(series)
        if drawn:
            caption = f"Loss of {text(subject.name)}, from {escape(_span(series))}"
            yield f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>"


def _span(series: Series) -> str:
    finite = series.finite().values
    ends = f"{number(float(finite.min()))} (bottom) to {number(float(finite.max()))} (top)"
    return f"{ends}, steps {series.steps[0]:,} to {series.steps[-1]:,}"


def _curve(series: Series) -> str:
    """The loss as SVG; a dashed line where it stops being finite."""
    finite = series.finite()
    if len(finite) < 2:
        return ""
    keep = np.unique(np.linspace(0, len(finite) - 1, _POINTS).astype(int))
    steps, values = finite.steps[keep].astype(float), finite.values[keep]
    if values.min() > 0 and values.max() / values.min() > 100:
        values = np.log(values)
    width = float(max(series.steps[-1] - series.steps[0], 1))
    across = (steps - series.steps[0]) / width * 1000
    height = float(values.max() - values.min()) or 1.0
    down = 190 - (values - values.min()) / height * 180
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down))
    shapes = f'<polyline points="{points}"/>'
    broken = story.first_broken(series)
    if broken is not None:
        x = (float(series.steps[broken]) - series.steps[0]) / width * 1000
        shapes += f'<line class="broken" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="200"/>'
    return f'<svg viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label="loss">{shapes}</svg>'


def _details(finding: Finding, recording: Recording) -> list[str]:
    label = [f"<code>{escape(finding.fault)}</code>", finding.severity.value, f"confidence {finding.confidence.value}"]
    label += [escape(part) for part in (story.onset(finding), story.where(finding)) if part]
    parts = [f"<p>{', '.join(label)}</p>"]
    lines = code.excerpt(recording, finding.location) if finding.location else []
    if lines:
        parts.append(_pre(_line(f"{line.mark} {line.number:4d}  {line.text}", line.mark) for line in lines))
    if finding.primary:
        parts.append("<h2>Why</h2>")
    parts += [f"<p>{text(finding.message)}</p>", _evidence(finding)]
    if finding.primary and finding.fixes:
        parts.append("<h2>What to change</h2>")
    for fix in finding.fixes:
        elsewhere = fix.location is not None and fix.location != finding.location
        place = f" ({escape(story.line_of(fix.location, recording.run))})" if elsewhere else ""
        parts.append(f"<p>{text(fix.title)}{place}</p>")
        lines = code.change(recording, finding, fix)
        if lines:
            parts.append(_pre(_line(f"{line.mark} {line.text}", line.mark) for line in lines))
    return [part for part in parts if part]


def _evidence(finding: Finding) -> str:
    if not finding.evidence:
        return ""
    header = "".join(f"<th>{name}</th>" for name in ("measured", "step", "observed", "limit", "note"))
    rows = []
    for entry in finding.evidence:
        unit = "" if entry.unit in ("", "share") else f" {entry.unit}"
        cells = [
            f"<code>{escape(story.measured(entry, finding))}</code>",
            "" if entry.step is None else f"{entry.step:,}",
            escape(number(entry.observed, entry.unit) + unit),
            "" if entry.limit is None else escape(number(entry.limit, entry.unit) + unit),
            text(entry.note),
        ]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table><tr>{header}</tr>{''.join(rows)}</table>"


def _titles(findings: Iterable[Finding], recording: Recording) -> str:
    entries = []
    for finding in findings:
        details = [part for part in (story.onset(finding), story.line_of(finding.location, recording.run)) if part]
        aside = f" ({escape(', '.join(details))})" if details else ""
        entries.append(f"<code>{escape(finding.rule)}</code>: {text(finding.title)}{aside}")
    return _list(entries)


def _line(line: str, mark: str) -> str:
    style = {"-": "old", "+": "new", ">": "here"}.get(mark)
    return f'<span class="{style}">{escape(line)}</span>' if style else escape(line)


def _pre(lines: Iterable[str]) -> str:
    return "<pre><code>" + "\n".join(lines) + "</code></pre>"


def _list(entries: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{entry}</li>" for entry in entries) + "</ul>"
