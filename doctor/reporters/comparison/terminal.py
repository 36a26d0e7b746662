"""A comparison for people at a terminal: verdicts, findings, figures, then what differs."""

from __future__ import annotations

from typing import Sequence, TextIO

from doctor.comparison import Comparison, Task
from doctor.comparison.types import Curve, SourceChange
from doctor.numbers import count
from doctor.reporters import story as told
from doctor.reporters.comparison import story
from doctor.reporters.curve import BLOCKS, sparkline
from doctor.reporters.page import Page
from doctor.types import Series

#: How much of a long list is shown: lines of a difference, settings, layers of a measure.
SHOWN = 60
SHOWN_LAYERS = 8
#: Columns for what a figure is called, and the least that is left of the name of a run.
_LABEL = 36
_SHORTEST = 8

_VERDICT_STYLES = {"healthy": "bold green", "faulty": "bold red", "unclear": "bold yellow"}
_STATUS_STYLES = {"gone": "green", "new": "red", "remaining": "yellow"}
_CHANGE_STYLES = {"-": "red", "+": "green", " ": "dim", "@": "cyan"}


def report(comparison: Comparison) -> str:
    """The comparison without colour, 80 columns wide."""
    page = Page()
    _fill(page, comparison)
    return page.plain


def write(comparison: Comparison, stream: TextIO, brief: bool = False) -> None:
    """Write the comparison to a stream: in colour and as wide as the terminal, where it is one.

    Args:
        comparison: of two runs or more.
        stream: where it goes.
        brief: verdicts, findings, figures and curves only.
    """
    page = Page.for_stream(stream)
    _fill(page, comparison, brief)
    page.write(stream)


def _fill(page: Page, comparison: Comparison, brief: bool = False) -> None:
    for index, run in enumerate(comparison.runs):
        verdict = run.diagnosis.verdict
        lead = f"{verdict.upper()}: "
        page.paragraph(
            f"{run.name}: {story.verdict_reason(comparison, index)}",
            indent=len(lead), style="bold", first=lead, first_style=_VERDICT_STYLES.get(verdict, "bold"),
        )  # fmt: skip
    page.blank()
    page.listing([(run.name, told.ran(run.diagnosis)) for run in comparison.runs], style="dim")
    cautions = [*comparison.cautions, *(caution for task in comparison.tasks for caution in task.cautions)]
    if cautions:
        page.heading("TO BEAR IN MIND")
        for caution in cautions:
            page.paragraph(caution, indent=4, first="  ")
    _findings(page, comparison)
    for task in comparison.tasks:
        several = len(comparison.tasks) > 1
        of = f" OF {' / '.join(name or 'none' for name in task.names)}" if several else ""
        _figures(page, comparison, task, of)
        _curves(page, comparison, task, of)
    if brief:
        return
    _sources(page, comparison)
    _settings(page, comparison)
    for task in comparison.tasks:
        _layers(page, comparison, task)


def _findings(page: Page, comparison: Comparison) -> None:
    page.heading("FINDINGS")
    if not comparison.findings:
        page.paragraph("none in any run")
    for number in range(1, len(comparison.runs)):
        if len(comparison.runs) > 2:
            page.paragraph(f"from {comparison.runs[0].name} to {comparison.runs[number].name}")
        for change in comparison.findings:
            if change.run == number:
                lead = f"  {story.status(comparison, change)}".ljust(15)
                style = _STATUS_STYLES[change.status]
                page.paragraph(story.finding(change), indent=15, first=lead, first_style=style)


def _figures(page: Page, comparison: Comparison, task: Task, of: str) -> None:
    rows = [[figure.name, *story.figure_cells(figure)] for figure in task.figures]
    extra = [""] if len(comparison.runs) == 2 else []
    if task.target is not None:
        rows.append([story.target_title(task.target), *story.target_cells(task.target), *extra])
    if rows:
        page.heading(f"FIGURES{of}")
        most = max(_SHORTEST, (page.width - _LABEL) // (len(comparison.runs) + len(extra)) - 2)
        names = [run.name if len(run.name) <= most else f"{run.name[: most - 1]}…" for run in comparison.runs]
        page.table(["", *names, *(["difference"] if extra else [])], rows)


def _curves(page: Page, comparison: Comparison, task: Task, of: str) -> None:
    """Loss and accuracy, each run a line under the other."""
    drawn = [curve for curve in task.curves if curve.name in ("loss", "accuracy") and len(curve.points) > 2]
    for title in dict.fromkeys((curve.name, curve.phase) for curve in drawn):
        group = [curve for curve in drawn if (curve.name, curve.phase) == title]
        page.heading(f"{title[0].upper()} IN {'TRAINING' if title[1] == 'train' else 'EVALUATION'}{of}")
        beside = [told.told_part(curve.points) for curve in group]
        entries = [(comparison.runs[curve.run].name, _line(page, curve, beside)) for curve in group]
        page.listing(entries, style="dim")


def _line(page: Page, curve: Curve, beside: Sequence[Series]) -> str:
    points = told.told_part(curve.points)
    unit = "share" if curve.name == "accuracy" else ""
    finite = points.finite().values
    text = sparkline(points, width=40, blocks=page.can_show(BLOCKS), beside=beside)
    if len(finite):
        text += f"  {story.cell(float(finite[0]), unit)} to {story.cell(float(finite[-1]), unit)}"
    if len(points) < len(curve.points):
        text += f" (the first {len(points)} steps)"
    return text


def _sources(page: Page, comparison: Comparison) -> None:
    page.heading("SOURCE")
    if not comparison.sources:
        page.paragraph("the same in all runs")
    for change in comparison.sources:
        page.paragraph(_title(comparison, change), indent=4, first="  ", style="dim")
        shown = change.lines[:SHOWN]
        width = max((len(str(max(line.old, line.new))) for line in shown), default=1)
        for line in shown:
            number = "" if line.mark == "@" else str(line.new or line.old)
            text = "..." if line.mark == "@" else f"{line.mark} {line.text}"
            page.code(f"  {number:>{width}} {text}", _CHANGE_STYLES[line.mark])
        if len(change.lines) > SHOWN:
            page.paragraph(f"and {count(len(change.lines) - SHOWN, 'more line')}; --format html shows all", style="dim")


def _title(comparison: Comparison, change: SourceChange) -> str:
    if change.old is None:
        return f"only in {comparison.runs[change.run].name}: {change.new}"
    if change.new is None:
        return f"only in {comparison.runs[0].name}: {change.old}"
    return f"{change.old} -> {change.new}" if change.old != change.new else change.old


def _settings(page: Page, comparison: Comparison) -> None:
    settings = story.differing(comparison.settings)
    settings += [setting for task in comparison.tasks for setting in story.differing(task.settings)]
    page.heading("WHAT THE RUNS WERE GIVEN")
    if not settings:
        page.paragraph("arguments, hyperparameters, model, data and versions are the same, as far as they were seen")
    for setting in settings[:SHOWN]:
        page.paragraph(f"{setting.name} ({setting.area})", style="bold")
        page.listing(
            [(run.name, value if value is not None else "none") for run, value in zip(comparison.runs, setting.values)],
            style="dim", indent=4,
        )  # fmt: skip


def _layers(page: Page, comparison: Comparison, task: Task) -> None:
    for measure, group in story.told_layers(task).items():
        steps = next((layer.steps for layer in group if layer.steps), ())
        if not steps:
            continue
        page.heading(f"{measure.upper()} OF THE LAYERS, BY STEP")
        rows = []
        for layer in group[:SHOWN_LAYERS]:
            for run, name, values in zip(comparison.runs, layer.names, layer.values):
                label = f"{name or layer.name}, {run.name}"
                by_step = dict(zip(layer.steps, values))
                rows.append([label, *(story.cell(by_step.get(step, float("nan")), layer.unit) for step in steps)])
        page.table(["", *(f"{step:,}" for step in steps)], rows)
        if len(group) > SHOWN_LAYERS:
            left_out = count(len(group) - SHOWN_LAYERS, "more layer")
            page.paragraph(f"and {left_out}; --format html shows all", style="dim")
