"""The loss of the best constant prediction where labels are values, counts or signs."""

from __future__ import annotations

import math
from typing import Callable

import numpy as np

from doctor.recording import Recording
from doctor.types import Site, TensorStats
from doctor.yardstick import Baseline

#: Single precision has seven digits.
_ROUNDING = 1e-6
#: How far the variance of some batches may be off that of all labels: of 500 normal ones it is by a fifth at most.
_APART = 0.2


def hinge(recording: Recording, label: Site) -> Baseline | None:
    """Mean of max(0, 1 - y f) for the best constant f: 2 min(p, 1 - p) for labels -1 and 1 of which a share p is 1."""
    low, mean = (recording.series("label", label.key, name).finite().values for name in ("min", "mean"))
    if not len(low) or low.min() > -0.5:
        return None
    positive = float((1 + mean.mean()) / 2)
    value = 2 * min(positive, 1 - positive)
    return Baseline("always answering the more frequent sign", value) if value > 0 else None


def poisson(recording: Recording, subject: Site, label: Site, output: Site | None) -> Baseline | None:
    """Mean of r - y ln r for the best constant rate r, the mean of the labels; exact rates give that of y - y ln y.

    The latter is estimated from the histogram of a batch.
    """
    means = recording.series("label", label.key, "mean").finite().values
    mean = float(means.mean()) if len(means) else 0.0
    stats = recording.stats("label", label.key)
    if stats is None or mean <= 0 or stats["min"] < 0:
        return None
    value, floor = mean - mean * math.log(mean), mean - _expected(stats, lambda y: y * math.log(y) if y > 0 else 0.0)
    if not floor < value:
        return None
    comparable = output is None or _is_poisson_mean(recording, subject, label, output)
    return Baseline("predicting the mean of the labels", value, comparable=comparable, floor=floor)


def _expected(stats: TensorStats, function: Callable[[float], float]) -> float:
    """The mean of a function over the values of a tensor, by its histogram."""
    if stats.histogram is None or stats.histogram.sum() == 0 or stats["max"] <= stats["min"]:
        return function(stats["mean"])
    edges = np.linspace(stats["min"], stats["max"], len(stats.histogram) + 1)
    # Whole numbers lie on the edges of bins: the mean of the bins is off by what the tensor's own tells.
    centres = (edges[1:] + edges[:-1]) / 2
    weights = stats.histogram / stats.histogram.sum()
    centres = np.maximum(centres + stats["mean"] - float((weights * centres).sum()), 0.0)
    return float(sum(weight * function(float(centre)) for weight, centre in zip(weights, centres)))


def _is_poisson_mean(recording: Recording, subject: Site, label: Site, output: Site) -> bool:
    """Whether the loss is the plain mean over the batch: for labels y >= 0 and rates r that mean lies between
    mean r - mean y * max ln r and mean r - mean y * min ln r."""
    losses = recording.data_losses(subject.key).finite()
    for step in recording.observed_steps("output", output.key)[:3]:
        rate = recording.stats("output", output.key, int(step))
        truth = recording.stats("label", label.key, int(step))
        at = np.flatnonzero(losses.steps == step)
        if rate is None or truth is None or not len(at) or rate["min"] <= 0:
            continue
        ends = [rate["mean"] - truth["mean"] * math.log(rate[name]) for name in ("max", "min")]
        room = 0.02 * (1 + abs(ends[0]) + abs(ends[1]))
        return ends[0] - room <= float(losses.values[at[0]]) <= ends[1] + room
    return True


def regression(
    recording: Recording, subject: Site, function: str, label: Site, output: Site | None, majority: float | None
) -> Baseline | None:
    """Variance of the labels for a squared error, mean absolute deviation from their median for an absolute one."""
    if not len(recording.observed_steps("label", label.key)):
        return None
    means = recording.series("label", label.key, "mean").values
    spread = "unit_std" if _columns(label) > 1 else "std"
    deviations = recording.series("label", label.key, spread).values
    if function == "squared_error":
        # Law of total variance over the batches seen.
        between = means.var() if _columns(label) <= 1 else 0.0
        name, value = "predicting the mean of the labels", float((deviations**2).mean() + between)
        value = _whole(recording, subject, label, value)
    else:
        stats = recording.stats("label", label.key)
        name, value = "predicting the median of the labels", _mean_absolute_deviation(stats) if stats else math.nan
    # Labels that are all alike, but for rounding, are a target of another kind: any prediction is far from it.
    rounding = _ROUNDING * (float(np.abs(means).max()) + float(deviations.max()))
    if not math.isfinite(value) or value <= (rounding**2 if function == "squared_error" else rounding):
        return None
    comparable = _on_scale(recording, subject, function, label, output) and not _is_likelihood(recording, subject)
    return Baseline(name, value, majority if _is_class(label) else None, comparable=comparable)


def _whole(recording: Recording, subject: Site, label: Site, seen: float) -> float:
    """The variance of all labels where `fit` was given them as one array, else that of the batches seen.

    The latter depends on which were seen; where the two are far apart, the array is not what reaches the loss.
    """
    arrays = [one for one in recording.sites_of("array")
              if one.attributes.get("role") == "y" and one.location == subject.location]  # fmt: skip
    spread = arrays[0].attributes.get("std") if len(arrays) == 1 and _columns(label) <= 1 else None
    whole = float(spread) ** 2 if isinstance(spread, (int, float)) else math.nan
    return whole if abs(whole - seen) <= _APART * seen else seen


def _is_likelihood(recording: Recording, subject: Site) -> bool:
    """Whether errors are divided by a variance that the network predicts, whose logarithm is added to them."""
    losses = (site for site in recording.sites_of("loss") if site.subject in ("", subject.key))
    return any(site.attributes.get("weighted_by") == "network" for site in losses)


def _columns(label: Site) -> int:
    shape = list(label.attributes.get("shape") or ())
    return int(shape[-1] or 1) if len(shape) >= 2 else 1


def _is_class(label: Site) -> bool:
    return label.attributes.get("encoding") in ("index", "one-hot", "binary")


def _mean_absolute_deviation(stats: TensorStats) -> float:
    """From the histogram: mean |x - median|."""
    if stats.histogram is None or stats.histogram.sum() == 0 or stats["max"] <= stats["min"]:
        return stats["std"] * math.sqrt(2 / math.pi)
    edges = np.linspace(stats["min"], stats["max"], len(stats.histogram) + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    weights = stats.histogram / stats.histogram.sum()
    median = centres[np.searchsorted(np.cumsum(weights), 0.5)]
    return float((weights * np.abs(centres - median)).sum())


def _on_scale(recording: Recording, subject: Site, function: str, label: Site, output: Site | None) -> bool:
    """Whether the loss is the plain mean over the batch.

    For labels y and outputs f, mean (y - f)^2 = var y + var f - 2 cov + (mean y - mean f)^2 and
    |cov| <= std y std f, so it lies between (std y - std f)^2 + d^2 and (std y + std f)^2 + d^2.
    The mean of |y - f| is at most the root of the upper bound (Jensen), and at least |d|.
    """
    losses = recording.data_losses(subject.key).finite()
    if output is None:
        return True
    for step in recording.observed_steps("output", output.key)[:3]:
        prediction = recording.stats("output", output.key, int(step))
        truth = recording.stats("label", label.key, int(step))
        at = np.flatnonzero(losses.steps == step)
        if prediction is None or truth is None or not len(at):
            continue
        offset = (truth["mean"] - prediction["mean"]) ** 2
        high = (truth["std"] + prediction["std"]) ** 2 + offset
        low = (truth["std"] - prediction["std"]) ** 2 + offset
        if function == "absolute_error":
            low, high = math.sqrt(offset), math.sqrt(high)
        return 0.98 * low <= float(losses.values[at[0]]) <= 1.02 * high
    return True
