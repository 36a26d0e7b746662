"""A comparison as JSON, format 1."""

from __future__ import annotations

import json
from typing import Any

from doctor.comparison import Comparison, Task
from doctor.comparison.types import FindingChange, Setting
from doctor.findings import location_to_dict
from doctor.reporters.json import finite

COMPARISON_FORMAT = 1


def report(comparison: Comparison) -> str:
    """The comparison as indented JSON with a final newline; curves have all their points."""
    return json.dumps(finite(_whole(comparison)), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _whole(comparison: Comparison) -> dict[str, Any]:
    return {
        "format": COMPARISON_FORMAT,
        "runs": [
            {
                "name": run.name,
                "folder": None if run.recording.folder is None else str(run.recording.folder),
                "script": run.recording.run.path,
                "argv": list(run.recording.run.argv),
                "status": run.recording.run.status,
                "steps": run.recording.steps,
                "seconds": run.recording.run.seconds,
                "verdict": run.diagnosis.verdict,
                "reason": run.diagnosis.reason,
            }
            for run in comparison.runs
        ],
        "findings": [_finding(change) for change in comparison.findings],
        "sources": [
            {
                "run": change.run,
                "old": change.old,
                "new": change.new,
                "lines": [
                    {"mark": line.mark, "old": line.old, "new": line.new, "text": line.text} for line in change.lines
                ],
            }
            for change in comparison.sources
        ],
        "settings": [_setting(setting) for setting in comparison.settings],
        "tasks": [_task(task) for task in comparison.tasks],
        "cautions": list(comparison.cautions),
    }


def _finding(change: FindingChange) -> dict[str, Any]:
    found = change.finding
    return {
        "status": change.status,
        "run": change.run,
        "rule": found.rule,
        "fault": found.fault,
        "severity": found.severity.value,
        "primary": found.primary,
        "title": found.title,
        "location": location_to_dict(found.location),
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "area": setting.area,
        "name": setting.name,
        "values": list(setting.values),
        "differs": setting.differs,
    }


def _task(task: Task) -> dict[str, Any]:
    target = task.target
    return {
        "names": list(task.names),
        "settings": [_setting(setting) for setting in task.settings],
        "figures": [
            {
                "name": figure.name,
                "unit": figure.unit,
                "values": list(figure.values),
                "differences": list(figure.differences()),
            }
            for figure in task.figures
        ],
        "target": None
        if target is None
        else {
            "curve": target.name,
            "phase": target.phase,
            "value": target.value,
            "steps": list(target.steps),
            "seconds": list(target.seconds),
        },
        "curves": [
            {
                "name": curve.name,
                "phase": curve.phase,
                "run": curve.run,
                "steps": curve.points.steps.tolist(),
                "seconds": [round(value, 4) for value in curve.seconds.tolist()],
                "values": curve.points.values.tolist(),
            }
            for curve in task.curves
        ],
        "layers": [
            {
                "measure": layer.measure,
                "unit": layer.unit,
                "names": list(layer.names),
                "steps": list(layer.steps),
                "values": [list(row) for row in layer.values],
            }
            for layer in task.layers
        ],
        "cautions": list(task.cautions),
    }
