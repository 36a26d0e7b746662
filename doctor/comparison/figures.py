"""Numbers that came out of the runs, and how soon each reached what it had to reach."""

from __future__ import annotations

from typing import Iterator, Sequence

import numpy as np

from doctor.comparison.types import Curve, Figure, Target
from doctor.hits import explained, late_accuracy
from doctor.recording import Recording
from doctor.types import Series

#: Without a figure to reach, the runs have to come this far from where the first of them starts to where the best
#: ends: closer to the end noise decides.
_FAR = 0.9


def figures(recordings: Sequence[Recording], subjects: Sequence[str | None]) -> Iterator[Figure]:
    """What is worth a line: of the whole run first, then loss, then accuracy."""
    measures = (
        ("steps", "", 0, _steps),
        ("training time", "s", -1, _seconds),
        ("loss at the start", "", 0, _first_loss),
        ("loss at the end", "", -1, _last_loss),
        ("first loss that is not finite, at step", "", 0, _broken),
        ("held-out loss at the end", "", -1, _held_out_loss),
        ("accuracy in training", "share", 1, lambda one, subject: _accuracy(one, subject, "train")),
        ("accuracy in evaluation", "share", 1, lambda one, subject: _accuracy(one, subject, "eval")),
        ("variance explained in training", "share", 1, lambda one, subject: explained(one, subject, "train")),
        ("variance explained in evaluation", "share", 1, lambda one, subject: explained(one, subject, "eval")),
    )
    for name, unit, better, measure in measures:
        values = tuple(
            None if subject is None else measure(recording, subject)
            for recording, subject in zip(recordings, subjects)
        )
        if any(value is not None for value in values):
            yield Figure(name, unit, better, values)


#: What a run must gain for a target to be worth a word: points of accuracy, or that part of a loss.
_LEAST_WAY = 0.05


def target(curves: Sequence[Curve], runs: int, wanted: float | None = None) -> Target | None:
    """When each run reached an accuracy, or without accuracies a loss.

    Args:
        curves: of all runs.
        runs: how many there are.
        wanted: the accuracy to reach; by default nine tenths of the way from where the runs start to the best
            that one of them ends with, and nothing where that is next to none.
    """
    for name, phase in (("accuracy", "eval"), ("accuracy", "train"), ("loss", "eval"), ("loss", "train")):
        if name == "loss" and wanted is not None:
            return None
        own = [curve for curve in curves if (curve.name, curve.phase) == (name, phase)]
        # An evaluation after the training alone says nothing about time.
        if len({curve.run for curve in own}) < runs or not any(len(curve.points) > 2 for curve in own):
            continue
        sign = 1.0 if name == "accuracy" else -1.0
        smooth = {curve.run: _smooth(curve) for curve in own}
        ends = [float(one.values[-1]) * sign for one in smooth.values() if len(one)]
        starts = [float(one.values[0]) * sign for one in smooth.values() if len(one)]
        if not ends:
            continue
        way = max(ends) - min(starts)
        if wanted is None and way < _LEAST_WAY * (1.0 if name == "accuracy" else abs(min(starts))):
            return None  # no run got anywhere
        value = wanted if wanted is not None else sign * (min(starts) + _FAR * way)
        reached = {curve.run: _reached(smooth[curve.run], curve, value, sign) for curve in own}
        steps, seconds = zip(*(reached[run] for run in range(runs)))
        return Target(name, phase, value, steps, seconds)
    return None


def _smooth(curve: Curve) -> Series:
    """A loss of single batches as the mean of the last fiftieth of the run; others as they are."""
    points = curve.points.finite()
    width = max(1, len(points) // 50)
    if curve.name != "loss" or curve.phase != "train" or width == 1:
        return points
    sums = np.cumsum(np.concatenate([[0.0], points.values]))
    means = (sums[width:] - sums[:-width]) / width
    return Series(points.name, points.steps[width - 1 :], means)


def _reached(smooth: Series, curve: Curve, value: float, sign: float) -> tuple[int | None, float | None]:
    good = np.flatnonzero(sign * smooth.values >= sign * value)
    if not len(good):
        return None, None
    step = int(smooth.steps[good[0]])
    return step, float(np.interp(step, curve.points.steps, curve.seconds))


def _steps(recording: Recording, subject: str) -> float | None:
    """Of a run that ships with doctor not every step is kept, but the last one is."""
    losses = recording.losses(subject)
    return float(losses.steps[-1] - losses.steps[0] + 1) if len(losses) else 0.0


def _seconds(recording: Recording, subject: str) -> float | None:
    seconds = recording.loss_seconds(subject)
    return float(seconds[-1] - seconds[0]) if len(seconds) > 1 else None


def _first_loss(recording: Recording, subject: str) -> float | None:
    losses = recording.losses(subject)
    return float(losses.values[0]) if len(losses) else None


def _last_loss(recording: Recording, subject: str) -> float | None:
    """The mean over the last twentieth of the steps: single batches are noisy."""
    losses = recording.losses(subject)
    return float(losses.tail(max(1, len(losses) // 20)).values.mean()) if len(losses) else None


def _broken(recording: Recording, subject: str) -> float | None:
    losses = recording.losses(subject)
    broken = np.flatnonzero(~np.isfinite(losses.values))
    return float(losses.steps[broken[0]]) if len(broken) else None


def _held_out_loss(recording: Recording, subject: str) -> float | None:
    losses = recording.scalars(subject, "epoch/val_loss")
    return float(losses.values[-1]) if len(losses) else None


def _accuracy(recording: Recording, subject: str, phase: str) -> float | None:
    found = late_accuracy(recording, subject, phase)
    return None if found is None else found[0]
