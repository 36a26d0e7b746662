"""The curves of a run: loss, accuracy and Keras's metrics, by step and by time."""

from __future__ import annotations

from typing import Iterator

import numpy as np

from doctor.comparison.types import Curve
from doctor.recording import Recording
from doctor.types import FloatArray, Series

#: So many predictions make a point of an accuracy curve of training: its standard error is 3.5 % at most.
_PREDICTIONS = 200


def curves(recording: Recording, subject: str, run: int) -> Iterator[Curve]:
    """Every curve of a model, loss first, each training curve before that of its evaluation."""
    losses = recording.losses(subject)
    if not len(losses):
        return
    for phase, name, series in _series(recording, subject, losses):
        if len(series):
            yield Curve(name, phase, run, series, seconds_at(recording, subject, series))


def seconds_at(recording: Recording, subject: str, series: Series) -> FloatArray:
    """Seconds from the first step of the training to each point of a series, shape (n,)."""
    steps, seconds = recording.losses(subject).steps, recording.loss_seconds(subject)
    found: FloatArray = np.interp(series.steps, steps, seconds - seconds[0])
    return found


def accuracy(recording: Recording, subject: str, phase: str) -> Series:
    """Share of right predictions: in training over the last 200 or more of them, in evaluations of each as a whole."""
    rows = [
        (step, values[0], values[1])
        for site in recording.sites_of("output", phase=phase)
        if site.subject in ("", subject)
        for step, values in recording.vectors(site.key, "correct")
        if len(values) >= 2 and values[1] > 0
    ]
    rows.sort(key=lambda row: row[0])
    points: dict[int, float] = {}
    if phase == "eval":
        totals: dict[int, list[float]] = {}
        for step, right, seen in rows:
            total = totals.setdefault(step, [0.0, 0.0])
            total[0] += right
            total[1] += seen
        points = {step: right / seen for step, (right, seen) in totals.items()}
    else:
        for index, (step, _, _) in enumerate(rows):
            right = seen = 0.0
            for _, more_right, more in reversed(rows[: index + 1]):
                right, seen = right + more_right, seen + more
                if seen >= _PREDICTIONS:
                    break
            points[step] = right / seen
    return Series(
        "accuracy", np.asarray(list(points), dtype=np.int64), np.asarray(list(points.values()), dtype=np.float64)
    )


def _series(recording: Recording, subject: str, losses: Series) -> Iterator[tuple[str, str, Series]]:
    names = [name.removeprefix("epoch/") for name in recording.scalar_names(subject) if name.startswith("epoch/")]
    yield "train", "loss", losses
    yield "eval", "loss", recording.scalars(subject, "epoch/val_loss")
    yield "train", "accuracy", accuracy(recording, subject, "train")
    kept = next((name for name in ("val_accuracy", "val_acc") if name in names), None)
    yield "eval", "accuracy", (
        recording.scalars(subject, f"epoch/{kept}") if kept else accuracy(recording, subject, "eval")
    )
    for name in names:
        if name in ("loss", "accuracy", "acc", "learning_rate", "lr") or name.startswith("val_"):
            continue
        yield "train", name, recording.scalars(subject, f"epoch/{name}")
        yield "eval", name, recording.scalars(subject, f"epoch/val_{name}")
    yield "train", "learning rate", recording.scalars(subject, "learning_rate")
