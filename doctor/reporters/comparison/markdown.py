"""A comparison as Markdown, for an issue, a pull request or a hand-in."""

from __future__ import annotations

from typing import Iterable, Sequence

from doctor.comparison import Comparison, Task
from doctor.comparison.types import SourceChange
from doctor.reporters import story as told
from doctor.reporters.comparison import story
from doctor.reporters.markdown import fence, text


def report(comparison: Comparison) -> str:
    """The whole comparison; curves are left to the page and to TensorBoard."""
    names = [run.name for run in comparison.runs]
    parts = [f"# {' against '.join(f'`{name}`' for name in names)}"]
    parts.append(
        _table(
            ["run", "verdict", "why", "how it ran"],
            [
                [
                    f"`{run.name}`",
                    run.diagnosis.verdict,
                    story.verdict_reason(comparison, index),
                    told.ran(run.diagnosis),
                ]
                for index, run in enumerate(comparison.runs)
            ],
        )
    )
    cautions = [*comparison.cautions, *(caution for task in comparison.tasks for caution in task.cautions)]
    if cautions:
        parts += ["## To bear in mind", "\n".join(f"- {text(caution)}" for caution in cautions)]
    parts.append("## Findings")
    parts.append(
        _table(
            ["in", "", "finding"],
            [[f"`{names[one.run]}`", story.status(comparison, one), story.finding(one)] for one in comparison.findings],
        )
        if comparison.findings
        else "None in any run."
    )
    for task in comparison.tasks:
        parts += _task(comparison, task, names)
    parts.append("## Source")
    parts += [_source(comparison, change) for change in comparison.sources] or ["The same in all runs."]
    settings = story.differing(comparison.settings)
    settings += [setting for task in comparison.tasks for setting in story.differing(task.settings)]
    parts.append("## What the runs were given")
    parts.append(
        _table(["", *names], [[one.name, *(value or "none" for value in one.values)] for one in settings])
        if settings
        else "The same, as far as it was seen."
    )
    return "\n\n".join(parts) + "\n"


def _task(comparison: Comparison, task: Task, names: Sequence[str]) -> list[str]:
    several = len(comparison.tasks) > 1
    extra = ["difference"] if len(names) == 2 else []
    rows = [[figure.name, *story.figure_cells(figure)] for figure in task.figures]
    if task.target is not None:
        rows.append([story.target_title(task.target), *story.target_cells(task.target), *([""] if extra else [])])
    heading = "## Figures" + (f" of {' / '.join(name or 'none' for name in task.names)}" if several else "")
    parts = [heading, _table(["", *names, *extra], rows, right=True)]
    for measure, group in story.told_layers(task).items():
        steps = next((layer.steps for layer in group if layer.steps), ())
        rows = [
            [f"`{name or layer.name}`", f"`{run}`", *(story.cell(value, layer.unit) for value in values)]
            for layer in group
            for run, name, values in zip(names, layer.names, layer.values)
            if len(values) == len(steps)
        ]
        if rows:
            header = ["layer", "run", *(f"step {one:,}" for one in steps)]
            parts += [f"### {measure.capitalize()}", _table(header, rows)]
    return parts


def _source(comparison: Comparison, change: SourceChange) -> str:
    lines = []
    for line in change.lines:
        lines.append(f"@@ line {line.new} @@" if line.mark == "@" else f"{line.mark}{line.text}")
    title = f"`{change.old or 'nothing'}` → `{change.new or 'nothing'}`"
    return title + "\n\n" + fence("\n".join(lines), "diff")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], right: bool = False) -> str:
    marks = ["---"] + ["---:" if right else "---"] * (len(header) - 1)
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join(marks) + " |"]
    lines += ["| " + " | ".join(text(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
