"""The loss and accuracy of the best constant prediction on the labels that were seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

from doctor.recording import Recording
from doctor.types import FloatArray, Site, TensorStats

_CROSS_ENTROPIES = frozenset({"softmax_cross_entropy", "log_probability"})


@dataclass(frozen=True)
class Baseline:
    """What a model reaches that ignores its inputs.

    Attributes:
        name: for people ("predicting the class shares").
        value: its loss; NaN where only the accuracy is known.
        majority: its accuracy, or None where labels are no classes.
        divisor: what the recorded loss is divided by to be on the scale of `value`
            (the batch size where the script sums over the batch).
        comparable: whether the recorded loss is on that scale at all.
        floor: the loss of predictions that are all exact.
    """

    name: str
    value: float
    majority: float | None = None
    divisor: float = 1.0
    comparable: bool = True
    floor: float = 0.0

    def gain(self, loss: float) -> float | None:
        """Which part of the way from the constant prediction to exact ones a loss has gone; None where unknown."""
        if not self.comparable or not self.value > self.floor:
            return None
        return (self.value - loss) / (self.value - self.floor)


def class_shares(recording: Recording, subject: Site) -> FloatArray | None:
    """Shares of the classes among the training labels seen, shape (classes,)."""
    for site in recording.sites_of("label"):
        if site.subject not in ("", subject.key):
            continue
        rows = [values for _, values in recording.vectors(site.key, "class_counts")]
        if rows:
            width = max(len(row) for row in rows)
            counts = np.sum([np.pad(row, (0, width - len(row))) for row in rows], axis=0)
            if counts.sum() > 0:
                return np.asarray(counts / counts.sum(), dtype=np.float64)
    return None


def entropy(shares: FloatArray) -> float:
    """-sum p ln p, in nats."""
    present = shares[shares > 0]
    return float(-(present * np.log(present)).sum())


def constant_prediction(recording: Recording, subject: Site) -> Baseline | None:
    """The yardstick for the first loss of `subject`, or None where no label was seen."""
    own = ("", subject.key)
    loss = next((site for site in recording.sites_of("loss") if site.subject in own), None)
    label = next((site for site in recording.sites_of("label") if site.subject in own), None)
    output = next((site for site in recording.sites_of("output") if site.subject in own), None)
    function = loss.attributes.get("function") if loss is not None else None
    shares = class_shares(recording, subject)
    majority = float(shares.max()) if shares is not None else None
    if label is None and shares is None:
        return None
    if function in _CROSS_ENTROPIES and shares is not None and len(shares) > 1:
        units = output.attributes.get("units") if output is not None else None
        if units == 1:
            return _binary(recording, subject, shares, majority, label, output)
        value = _weighted_entropy(recording, shares)
        return _scaled(recording, subject, "predicting the class shares", value, majority, output, len(shares))
    if function == "sigmoid_cross_entropy":
        return _binary(recording, subject, shares, majority, label, output)
    if function in ("squared_error", "absolute_error") and label is not None:
        return _regression(recording, subject, function, label, output, majority)
    if function == "poisson" and label is not None:
        return _poisson(recording, subject, label, output)
    if function == "hinge" and label is not None:
        return _hinge(recording, label)
    if majority is not None:
        return Baseline("predicting the class shares", math.nan, majority, comparable=False)
    return None


def _weighted_entropy(recording: Recording, shares: FloatArray) -> float:
    """Cross-entropy of the best constant prediction, with the weights of classes that `fit` was given.

    With weights w_k the mean loss is sum w_k p_k l_k: W = sum w_k p_k times the cross-entropy of shares
    w_k p_k / W, which is smallest where these are predicted.
    """
    weights = next((fit.attributes["class_weight"] for fit in recording.sites_of("fit")
                    if fit.attributes.get("class_weight")), None)  # fmt: skip
    if not isinstance(weights, dict):
        return entropy(shares)
    weighted = shares * np.array([float(weights.get(str(number), 1.0)) for number in range(len(shares))])
    total = float(weighted.sum())
    return total * entropy(weighted / total) if total > 0 else entropy(shares)


def _binary(
    recording: Recording,
    subject: Site,
    shares: FloatArray | None,
    majority: float | None,
    label: Site | None,
    output: Site | None,
) -> Baseline | None:
    """Cross-entropy of independent yes-or-no units, averaged over them."""
    if shares is not None and len(shares) > 2 and label is not None and label.attributes.get("encoding") == "one-hot":
        each = [entropy(np.array([share, 1 - share])) for share in shares]
        value = float(np.mean(each))
    elif shares is not None and len(shares) <= 2:
        value = _weighted_entropy(recording, shares)
    elif label is not None and len(recording.observed_steps("label", label.key)):
        mean = float(recording.series("label", label.key, "mean").values.mean())
        if not 0 < mean < 1:
            return None
        # The entropy of the mean is an upper bound of the mean of the entropies (concavity).
        value, majority = entropy(np.array([mean, 1 - mean])), None
    else:
        return None
    return _scaled(recording, subject, "predicting the class shares", value, majority, output, 2)


def _hinge(recording: Recording, label: Site) -> Baseline | None:
    """Mean of max(0, 1 - y f) for the best constant f: 2 min(p, 1 - p) for labels -1 and 1 of which a share p is 1."""
    low, mean = (recording.series("label", label.key, name).finite().values for name in ("min", "mean"))
    if not len(low) or low.min() > -0.5:
        return None
    positive = float((1 + mean.mean()) / 2)
    value = 2 * min(positive, 1 - positive)
    return Baseline("always answering the more frequent sign", value) if value > 0 else None


def _poisson(recording: Recording, subject: Site, label: Site, output: Site | None) -> Baseline | None:
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


def _scaled(
    recording: Recording,
    subject: Site,
    name: str,
    value: float,
    majority: float | None,
    output: Site | None,
    classes: int,
) -> Baseline:
    """Whether the recorded loss can be a mean cross-entropy, or is a sum over the batch.

    The cross-entropy of one example over logits z is at most max(z) - min(z) + ln K, so a
    mean above that bound is no mean. Over probabilities it is at most -ln of the smallest
    positive float that frameworks clip to (1e-7): 16.1. A mean above the bound that no batch size
    explains is weighted by hand, and on no known scale.
    """
    losses = recording.data_losses(subject.key).finite()
    if any(fit.attributes.get("sample_weight") for fit in recording.sites_of("fit")):
        return Baseline(name, value, majority, comparable=False)
    if output is None or not len(losses):
        return Baseline(name, value, majority)
    batch = float(subject.attributes.get("batch_size") or 0)
    takes_probabilities = output.attributes.get("produced_by") in ("softmax", "sigmoid")
    for step in recording.observed_steps("output", output.key)[:3]:
        stats = recording.stats("output", output.key, int(step))
        at = np.flatnonzero(losses.steps == step)
        if stats is None or not len(at) or stats["nan_count"] or stats["inf_count"]:
            continue
        bound = max(stats["max"], 0.0) - min(stats["min"], 0.0) + math.log(max(classes, 2))
        if takes_probabilities:
            bound = max(bound, 16.2)
        elif output.attributes.get("units") == 1 and stats["abs_mean"] > 0:
            # Of one logit the cross-entropy is at most ln 2 + |z|, and so is the mean of both.
            bound = min(bound, math.log(2) + stats["abs_mean"])
        loss = float(losses.values[at[0]])
        if loss <= 1.01 * bound:
            return Baseline(name, value, majority)
        if batch > 1 and 0.2 * math.log(max(classes, 2)) <= loss / batch <= 1.01 * bound:
            return Baseline(f"{name} (summed over a batch of {batch:.0f})", value, majority, divisor=batch)
        return Baseline(name, value, majority, comparable=False)
    return Baseline(name, value, majority)


def _regression(
    recording: Recording, subject: Site, function: str, label: Site, output: Site | None, majority: float | None
) -> Baseline | None:
    if not len(recording.observed_steps("label", label.key)):
        return None
    means = recording.series("label", label.key, "mean").values
    spread = "unit_std" if _columns(label) > 1 else "std"
    deviations = recording.series("label", label.key, spread).values
    if function == "squared_error":
        # Law of total variance over the batches seen.
        between = means.var() if _columns(label) <= 1 else 0.0
        name, value = "predicting the mean of the labels", float((deviations**2).mean() + between)
    else:
        stats = recording.stats("label", label.key)
        name, value = "predicting the median of the labels", _mean_absolute_deviation(stats) if stats else math.nan
    if not math.isfinite(value) or value <= 0:
        return None
    comparable = _on_scale(recording, subject, function, label, output)
    return Baseline(name, value, majority if _is_class(label) else None, comparable=comparable)


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
