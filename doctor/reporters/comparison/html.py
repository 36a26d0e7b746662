"""A comparison as one HTML page that needs no other file and no network."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.comparison import Comparison, Task
from doctor.comparison.types import Curve, Layer, SourceChange
from doctor.reporters import story as told
from doctor.reporters.comparison import story
from doctor.reporters.html.charts import MOST_LAYERS, Drawing, span
from doctor.reporters.html.environment import coloured, environment
from doctor.reporters.plots import Line, chart

_PHASES = {"train": "training", "eval": "evaluation"}


def report(comparison: Comparison) -> str:
    """The whole page. Everything that comes from the runs is escaped."""
    names = [run.name for run in comparison.runs]
    return environment().get_template("comparison.html").render(
        title=" against ".join(names),
        runs=[
            {
                "name": run.name,
                "verdict": run.diagnosis.verdict,
                "reason": story.verdict_reason(comparison, index),
                "ran": told.ran(run.diagnosis),
            }
            for index, run in enumerate(comparison.runs)
        ],
        cautions=[*comparison.cautions, *(caution for task in comparison.tasks for caution in task.cautions)],
        findings=[
            {
                "run": names[change.run],
                "status": change.status,
                "told": story.status(comparison, change),
                "text": story.finding(change),
                "severity": change.finding.severity.value,
            }
            for change in comparison.findings
        ],
        tasks=[_task(comparison, task, index) for index, task in enumerate(comparison.tasks)],
        sources=[_source(comparison, change) for change in comparison.sources],
        settings=[
            *comparison.settings,
            *(setting for task in comparison.tasks for setting in task.settings),
        ],
    )  # fmt: skip


def _task(comparison: Comparison, task: Task, number: int) -> dict[str, Any]:
    names = [run.name for run in comparison.runs]
    figures = [(figure.name, story.figure_cells(figure)) for figure in task.figures]
    if task.target is not None:
        extra = [""] if len(names) == 2 else []
        figures.append((story.target_title(task.target), [*story.target_cells(task.target), *extra]))
    return {
        "title": " / ".join(name or "none" for name in task.names),
        "figures": figures,
        "curves": _curves(comparison, task, f"task-{number}"),
        "layers": [
            (measure, *_layers(comparison, group, f"task-{number}-{index}"))
            for index, (measure, group) in enumerate(story.told_layers(task).items())
        ],
    }


def _curves(comparison: Comparison, task: Task, name: str) -> list[tuple[str, list[Drawing]]]:
    """Each curve by step and by time."""
    found = []
    titles = list(dict.fromkeys((curve.name, curve.phase) for curve in task.curves))
    for index, title in enumerate(titles):
        group = [curve for curve in task.curves if (curve.name, curve.phase) == title and len(curve.points) > 1]
        heading = f"{title[0].capitalize()} in {_PHASES[title[1]]}"
        drawings = []
        for axis in ("step", "seconds"):
            lines = [_line(comparison, curve, axis) for curve in group]
            caption = "; ".join(
                f"`{comparison.runs[curve.run].name}`: {span(told.told_part(curve.points), _unit(curve))}"
                for curve in group
            )
            svg = chart(
                lines, title=f"{heading} by {axis}: {caption}".replace("`", ""), name=f"{name}-{index}-{axis}",
                x_label=axis, share=title[0] == "accuracy",
            )  # fmt: skip
            if svg:
                drawings.append(Drawing(svg, caption if axis == "step" else "The same by time"))
        if drawings:
            found.append((heading, drawings))
    return found


def _unit(curve: Curve) -> str:
    return "share" if curve.name == "accuracy" else ""


def _line(comparison: Comparison, curve: Curve, axis: str) -> Line:
    points = told.told_part(curve.points)
    x = points.steps.astype(np.float64) if axis == "step" else curve.seconds[: len(points)]
    return Line(comparison.runs[curve.run].name, x, points.values, curve.run)


def _layers(comparison: Comparison, group: list[Layer], name: str) -> tuple[list[Drawing], list[dict[str, Any]], int]:
    """Small charts with all runs in each, a table of the values at the same steps, and how many are left out."""
    chosen = np.unique(np.linspace(0, len(group) - 1, min(MOST_LAYERS, len(group))).astype(int))
    drawings, rows = [], []
    for index in chosen:
        layer = group[int(index)]
        lines = [
            Line("", curve.steps.astype(np.float64), curve.values, run)
            for run, curve in enumerate(layer.curves)
            if curve is not None and len(curve) > 1
        ]
        told_spans = "; ".join(
            f"{run.name} {span(curve, layer.unit)}"
            for run, curve in zip(comparison.runs, layer.curves)
            if curve is not None and len(curve)
        )
        svg = chart(
            lines, title=f"{layer.measure} of {layer.name} by step: {told_spans}", name=f"{name}-{index}", small=True,
            share=layer.unit == "share",
        )  # fmt: skip
        if svg:
            drawings.append(Drawing(svg, f"`{layer.name}`"))
        rows += [
            {
                "name": layer_name or "none",
                "run": run.name,
                "steps": [f"{step:,}" for step in layer.steps],
                "cells": [story.cell(value, layer.unit) for value in values],
            }
            for run, layer_name, values in zip(comparison.runs, layer.names, layer.values)
        ]
    return drawings, rows, len(group) - len(chosen)


def _source(comparison: Comparison, change: SourceChange) -> dict[str, Any]:
    """A difference of two files, the lines with the colours of Python."""
    old = _coloured(comparison, 0, change.old)
    new = _coloured(comparison, change.run, change.new)
    return {
        "run": comparison.runs[change.run].name,
        "old": change.old,
        "new": change.new,
        "lines": [
            {
                "mark": line.mark,
                "old": line.old or "",
                "new": line.new or "",
                "text": "" if line.mark == "@" else new[line.new - 1] if line.new else old[line.old - 1],
            }
            for line in change.lines
        ],
    }


def _coloured(comparison: Comparison, run: int, path: str | None) -> list[Any]:
    return coloured(comparison.runs[run].recording.sources.get(path, "")) if path is not None else []
