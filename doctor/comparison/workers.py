"""Where the workers of one training differ that should agree: each has a recording of its own.

Workers train copies of one model on shares of the data. Their sources, versions, settings, steps and findings
should agree, and so should their weights at every step; their rows should not.
"""

from __future__ import annotations

from typing import Iterator, Sequence

import numpy as np

from doctor.comparison import findings, settings, sources
from doctor.comparison.types import Run, Setting
from doctor.numbers import percent
from doctor.recording import Recording
from doctor.types import Site

#: Share of a weight's norm by which copies may differ: sums in another order end far below it.
WEIGHTS_APART = 1e-3
#: Share of the rows of one worker that another sees too from which on they are called the same.
SAME_ROWS = 0.5
#: Rows that both must have shown.
LEAST_ROWS = 32


def name(run: Run) -> str:
    """What a run is called: as the cluster has it ("worker 1"), or by its folder."""
    worker = run.recording.run.worker
    return f"{worker['type']} {worker['index']}" if worker else run.name


def together(runs: Sequence[Run]) -> bool:
    """Whether all runs are workers of one training, and not any runs that share a folder."""
    workers = [run.recording.run.worker for run in runs]
    places = {(worker["type"], worker["index"]) for worker in workers if worker}
    return all(workers) and len(places) == len(runs) > 1


def differences(runs: Sequence[Run]) -> Iterator[str]:
    """Where each of the other workers differs from the first, in words."""
    first = runs[0]
    for other in runs[1:]:
        a, b = name(first), name(other)
        one, two = first.recording, other.recording
        if one.run.status != two.run.status:
            yield f"{a} {_ended(one)}, {b} {_ended(two)}"
        if one.steps != two.steps:
            yield f"{a} took {one.steps:,} steps, {b} took {two.steps:,}"
        for change in findings.changes([first, other]):
            if change.status != "remaining":
                has, not_ = (a, b) if change.status == "gone" else (b, a)
                yield f"{has} has a finding that {not_} has not: {change.finding.title}"
        for source in sources.changes([first, other]):
            yield f"{source.old or source.new} is not the same file on {a} and {b}"
        for setting in settings.of_runs([first, other]):
            if setting.differs:
                yield _told(setting, a, b)
        for subject, same in zip(one.subjects, two.subjects):
            for setting in settings.of_subjects([one, two], [subject, same]):
                if setting.differs and setting.area != "data":
                    yield _told(setting, a, b)
            apart = _weights_apart(one, subject, two, same)
            if apart is not None:
                step, weight, share = apart
                yield (
                    f"the weights are no copies of each other: at step {step} the norm of {weight} on {b} is "
                    f"{percent(share)} off that on {a}"
                )
        shared = _shared_rows(one, two)
        if shared is not None and shared >= SAME_ROWS:
            yield f"{percent(shared)} of the training rows that {b} was fed were fed to {a} too"


def _told(setting: Setting, a: str, b: str) -> str:
    first, second = (value or "unknown" for value in setting.values)
    return f"{setting.name}: {first} on {a}, {second} on {b}"


def _ended(recording: Recording) -> str:
    status = recording.run.status
    return {"completed": "came to its end", "running": "never ended, or was killed"}.get(status, f"ended as {status}")


def _weights_apart(one: Recording, subject: Site, two: Recording, same: Site) -> tuple[int, str, float] | None:
    """The first step at which both observed a variable whose norms differ, its name, and by what share."""
    found = []
    pairs = zip(one.sites_of("variable", subject.key), two.sites_of("variable", same.key))
    for a, b in pairs:
        if a.name != b.name or not a.attributes.get("trainable"):
            continue
        left, right = one.series("weight", a.key, "norm"), two.series("weight", b.key, "norm")
        steps, at, also = np.intersect1d(left.steps, right.steps, return_indices=True)
        scale = np.maximum(np.abs(left.values[at]), 1e-12)
        share = np.abs(right.values[also] - left.values[at]) / scale
        off = np.flatnonzero(share > WEIGHTS_APART)
        if len(off):
            found.append((int(steps[off[0]]), a.name, float(share[off[0]])))
    return min(found, default=None)


def _shared_rows(one: Recording, two: Recording) -> float | None:
    """The share of the rows of batches that the second saw which the first saw too; None where few were seen."""
    seen = [
        np.unique(np.concatenate([recording.rows(site.key)["inputs"] for site in sites] or [np.empty(0, np.uint64)]))
        for recording in (one, two)
        for sites in [[site for site in recording.sites_of("rows") if site.attributes.get("of") == "batches"]]
    ]
    if min(map(len, seen)) < LEAST_ROWS:
        return None
    return float(np.isin(seen[1], seen[0]).mean())
