"""Sets runs side by side: what was found, what came out, what differs. Nothing is judged here."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from doctor.comparison import figures, findings, settings, sources
from doctor.comparison.curves import curves
from doctor.comparison.layers import layers
from doctor.comparison.types import Comparison, Run, Task
from doctor.recording import Recording
from doctor.types import Site

__all__ = ["Comparison", "Run", "Task", "compare"]


#: What a difference between two models means for what stands beside each other.
_MEANS = {
    "loss": ": their values are on different scales",
    "kind of labels": "",
    "number of outputs": ": they may not be models of one task",
}


def compare(runs: Sequence[Run], accuracy: float | None = None) -> Comparison:
    """Two or more runs, held against the first of them.

    Args:
        runs: with different names.
        accuracy: from 0 to 1, how soon each run reached it; by default one that fits the runs.

    Raises:
        ValueError: fewer than two runs.
    """
    if len(runs) < 2:
        raise ValueError(f"a comparison needs two runs, not {len(runs)}")
    recordings = [run.recording for run in runs]
    counts = [len(recording.subjects) for recording in recordings]
    tasks = tuple(_task(runs, number, accuracy) for number in range(max(counts)))
    return Comparison(
        runs=tuple(runs),
        findings=tuple(findings.changes(runs)),
        sources=tuple(sources.changes(runs)),
        settings=settings.of_runs(runs),
        tasks=tasks,
        cautions=tuple(_cautions(runs, counts)),
    )


def _task(runs: Sequence[Run], number: int, accuracy: float | None) -> Task:
    recordings = [run.recording for run in runs]
    subjects = [
        recording.subjects[number] if number < len(recording.subjects) else None for recording in recordings
    ]
    keys = [None if subject is None else subject.key for subject in subjects]
    drawn = [
        curve
        for index, (recording, key) in enumerate(zip(recordings, keys))
        if key is not None
        for curve in curves(recording, key, index)
    ]
    order = list(dict.fromkeys((curve.name, curve.phase) for curve in drawn))
    drawn.sort(key=lambda curve: (order.index((curve.name, curve.phase)), curve.run))
    return Task(
        names=tuple(None if subject is None else subject.name for subject in subjects),
        settings=settings.of_subjects(recordings, subjects),
        figures=tuple(figures.figures(recordings, keys)),
        target=figures.target(drawn, len(runs), accuracy),
        curves=tuple(drawn),
        layers=tuple(layers(recordings, keys)),
        cautions=tuple(_task_cautions(runs, subjects)),
    )


def _cautions(runs: Sequence[Run], counts: Sequence[int]) -> Iterator[str]:
    for run, count in zip(runs, counts):
        if not count:
            yield f"No training step of {run.name} was seen, so only its findings and its source are compared."
        elif run.recording.run.status in ("running", "interrupted", "timeout", "stopped", "crashed"):
            status = run.recording.run.status
            yield f"{run.name} did not come to its end ({status}): its final figures are of an earlier step."
    if len(set(counts)) > 1:
        told = ", ".join(f"{run.name} {count}" for run, count in zip(runs, counts))
        yield f"The runs trained different numbers of models ({told}); they are compared in the order of training."


def _task_cautions(runs: Sequence[Run], subjects: Sequence[Site | None]) -> Iterator[str]:
    """Why figures of two models cannot be held against each other."""
    there = [(run, subject) for run, subject in zip(runs, subjects) if subject is not None]
    if len(there) < 2:
        return
    first, before = there[0]
    for run, subject in there[1:]:
        pairs = ((first.recording, before), (run.recording, subject))
        for what, kind, name in (
            ("loss", "loss", "function"),
            ("kind of labels", "label", "encoding"),
            ("number of outputs", "output", "units"),
        ):
            old, new = (_attribute(*pair, kind, name) for pair in pairs)
            if old is not None and new is not None and old != new:
                yield f"The {what} of {first.name} is {old}, that of {run.name} is {new}{_MEANS[what]}."
        inputs = [_attribute(*pair, "input", "shape") for pair in pairs]
        if all(isinstance(shape, (list, tuple)) for shape in inputs) and inputs[0][1:] != inputs[1][1:]:
            yield (
                f"The inputs of {first.name} have shape {tuple(inputs[0][1:])}, those of {run.name} "
                f"{tuple(inputs[1][1:])}: the data is not the same."
            )


def _attribute(recording: Recording, subject: Site, kind: str, name: str) -> Any:
    """An attribute of the only site of a kind, or None where there are several or none."""
    sites = [site for site in recording.sites_of(kind) if site.subject in ("", subject.key)]
    return sites[0].attributes.get(name) if len(sites) == 1 else None
