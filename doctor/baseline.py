"""The loss and accuracy of the best constant prediction on the labels that were seen."""

from __future__ import annotations

import math

import numpy as np

from doctor.baseline_values import hinge, poisson, regression
from doctor.loss_facts import advantages
from doctor.recording import Recording
from doctor.types import FloatArray, Site
from doctor.yardstick import Baseline

_CROSS_ENTROPIES = frozenset({"softmax_cross_entropy", "log_probability"})


def class_shares(recording: Recording, subject: Site) -> FloatArray | None:
    """Shares of the classes among the training labels seen, shape (classes,)."""
    counts = class_counts(recording, subject)
    return None if counts is None else np.asarray(counts / counts.sum(), dtype=np.float64)


def class_counts(recording: Recording, subject: Site, phase: str = "train") -> FloatArray | None:
    """Labels seen of each class over all observed batches of a phase, shape (classes,); None where none was seen."""
    for site in recording.sites_of("label", phase=phase):
        if site.subject not in ("", subject.key):
            continue
        rows = [values for _, values in recording.vectors(site.key, "class_counts")]
        if rows:
            width = max(len(row) for row in rows)
            counts: FloatArray = np.sum([np.pad(row, (0, width - len(row))) for row in rows], axis=0)
            if counts.sum() > 0:
                return counts
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
        return regression(recording, subject, function, label, output, majority)
    if function == "poisson" and label is not None:
        return poisson(recording, subject, label, output)
    if function == "hinge" and label is not None:
        return hinge(recording, label)
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
    if _weighted_by_hand(recording, subject):
        return Baseline(name, value, majority, comparable=False)  # by an advantage, a mask, a focal factor
    if len(losses) and losses.values.min() < -1e-3 and not beyond_one(recording, subject):
        return Baseline(name, value, majority, comparable=False)  # weighted by hand, as by an advantage
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


def _weighted_by_hand(recording: Recording, subject: Site) -> bool:
    """Whether the losses of examples are multiplied by something other than the weights that `fit` was given."""
    for loss in recording.sites_of("loss"):
        if loss.subject in ("", subject.key) and loss.attributes.get("weighted"):
            focal = "focal" in str(loss.attributes.get("keras_loss") or "").lower()
            if focal or subject.attributes.get("style") != "fit":
                return True
    return False


def beyond_one(recording: Recording, subject: Site) -> bool:
    """Whether labels that stand for probabilities lie outside of 0 to 1, where a cross-entropy has no minimum."""
    for label in recording.sites_of("label"):
        if label.subject in ("", subject.key) and label.attributes.get("encoding") != "index":
            low, high = (recording.series("label", label.key, name).finite().values for name in ("min", "max"))
            if len(low) and (low.min() < -1e-3 or high.max() > 1 + 1e-3) and not advantages(recording, label):
                return True
    return False
