"""What every report of a comparison tells, in the order in which it is told."""

from __future__ import annotations

import math

from doctor.comparison import Comparison, Task
from doctor.comparison.types import Figure, FindingChange, Layer, Setting, Target
from doctor.numbers import number, percent, seconds

#: What became of a finding. A reference is no later state of a run: there is nothing that could have gone.
_STATUS = {"gone": "gone", "new": "new", "remaining": "still there"}
_STATUS_BESIDE_REFERENCE = {"gone": "not there", "new": "new", "remaining": "there too"}


def headline(comparison: Comparison) -> str:
    """One sentence: from which verdict to which."""
    runs = comparison.runs
    return "; ".join(f"{run.name}: {run.diagnosis.verdict}" for run in runs)


def verdict_reason(comparison: Comparison, number_of_run: int) -> str:
    """Why a run has its verdict, in a few words."""
    diagnosis = comparison.runs[number_of_run].diagnosis
    primary = diagnosis.primary
    if diagnosis.verdict == "faulty" and primary is not None:
        return f"{primary.title} ({primary.fault})"
    return diagnosis.reason


def status(comparison: Comparison, change: FindingChange) -> str:
    """What became of a finding, in a word or two."""
    words = _STATUS_BESIDE_REFERENCE if comparison.runs[change.run].reference else _STATUS
    return words[change.status]


def finding(change: FindingChange) -> str:
    """A finding in one line."""
    found = change.finding
    place = f" ({found.location.path}:{found.location.line})" if found.location else ""
    return f"{found.rule}: {found.title}{place}"


def figure_cells(figure: Figure) -> list[str]:
    """The values of a figure as text, one a run, and the difference to the first where there are two."""
    cells = [_figure(value, figure.unit) for value in figure.values]
    if len(figure.values) == 2:
        cells.append(difference(figure))
    return cells


def difference(figure: Figure) -> str:
    """The difference of the second value to the first, with its sign, or ""."""
    change = figure.differences()[1]
    if change is None or not math.isfinite(change):
        return ""
    if figure.unit == "share":
        return f"{100 * change:+.1f} points"
    if figure.unit == "s":
        return f"{'+' if change >= 0 else '-'}{seconds(abs(change))}"
    return ("+" if change > 0 else "") + number(change)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return seconds(value) if unit == "s" else number(value if unit != "share" else round(value, 3), unit)


def target_title(target: Target) -> str:
    """What had to be reached."""
    phase = "in training" if target.phase == "train" else "in evaluation"
    if target.name == "accuracy":
        return f"steps to {percent(round(target.value, 3))} accuracy {phase}"
    return f"steps to a loss of {number(target.value)} {phase}"


def target_cells(target: Target) -> list[str]:
    """When each run reached it."""
    return [
        "never" if step is None or second is None else f"{step:,} ({seconds(second)})"
        for step, second in zip(target.steps, target.seconds)
    ]


def differing(settings: tuple[Setting, ...]) -> list[Setting]:
    """The settings in which the runs differ."""
    return [setting for setting in settings if setting.differs]


def told_layers(task: Task) -> dict[str, list[Layer]]:
    """The layers by measure, without measures that are zero in all runs all the time."""
    groups: dict[str, list[Layer]] = {}
    for layer in task.layers:
        groups.setdefault(layer.measure, []).append(layer)
    return {measure: group for measure, group in groups.items() if any(_moves(layer) for layer in group)}


def _moves(layer: Layer) -> bool:
    return any(value != 0 and not math.isnan(value) for row in layer.values for value in row)


def cell(value: float, unit: str) -> str:
    """A measured value of a layer; nothing where the run was not observed there."""
    return "" if math.isnan(value) else number(value, unit)
