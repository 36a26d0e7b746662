"""Several runs of one folder: a line of each, where workers differ, and the report of the one that is worst."""

from __future__ import annotations

import json as json_module
from typing import Sequence, TextIO

from doctor.comparison import workers
from doctor.comparison.types import Run
from doctor.reporters import json, story, terminal
from doctor.reporters.page import Page

_RANK = {"faulty": 0, "unclear": 1, "healthy": 2}


def write(runs: Sequence[Run], stream: TextIO) -> None:
    """Write what is to say of all runs to a stream."""
    page = Page.for_stream(stream)
    together = workers.together(runs)
    for run in runs:
        title = f"{workers.name(run)} ({run.name}): " if together else f"{run.name}: "
        page.paragraph(
            f"{run.diagnosis.verdict.upper()}: {story.headline(run.diagnosis)}", indent=4, first=title, style="bold"
        )
        page.paragraph(story.ran(run.diagnosis), indent=4, style="dim")
    if together:
        page.heading("WHERE THE WORKERS DIFFER")
        found = list(workers.differences(runs))
        for difference in found:
            page.paragraph(difference, indent=4, first="  ")
        if not found:
            page.paragraph(
                "nowhere that they should not: sources, versions, settings, steps, findings and weights agree"
            )
    shown = worst(runs)
    page.heading(f"THE REPORT OF {workers.name(shown) if together else shown.name}")
    page.blank()
    page.write(stream)
    terminal.write(shown.diagnosis, shown.recording, stream)


def worst(runs: Sequence[Run]) -> Run:
    """The first of the runs with the worst verdict."""
    return min(runs, key=lambda run: _RANK.get(run.diagnosis.verdict, 1))


def dumps(runs: Sequence[Run]) -> str:
    """{"runs": {name: a diagnosis as in diagnosis.json}, "differences": [text] of workers, null of other runs}."""
    report = {
        "runs": {run.name: json.to_dict(run.diagnosis) for run in runs},
        "differences": list(workers.differences(runs)) if workers.together(runs) else None,
    }
    return json_module.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
