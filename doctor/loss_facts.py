"""What kind of loss a subject has, as far as its judgement depends on it."""

from __future__ import annotations

import math
import re

import numpy as np

from doctor.recording import Recording
from doctor.types import Site

#: Share of wrong answers beyond what a cross-entropy allows that tells that others were counted.
CONTRADICTION = 0.2
#: Labels of one class have 1 there, or nearly so where they are smoothed.
MOSTLY = 0.6
#: Names of losses between a squared and an absolute error.
_ROBUST = re.compile(r"huber|log_?cosh", re.I)


def blanks_counted(recording: Recording, subject: Site, loss: float, accuracy: float) -> bool:
    """Whether more answers are wrong than a cross-entropy that weighs places by data allows.

    A wrong answer has a probability of at most 1/2, and costs at least ln 2: a mean loss L allows L / ln 2 of them.
    """
    masked = any(
        site.attributes.get("weighted_by") == "data" and site.attributes.get("function") == "softmax_cross_entropy"
        for site in recording.sites_of("loss")
        if site.subject in ("", subject.key)
    )
    return masked and math.isfinite(loss) and 1 - accuracy > loss / math.log(2) + CONTRADICTION


def advantages(recording: Recording, label: Site) -> bool:
    """Whether no label names more than one of several units, with numbers of either sign.

    So a policy is trained: by minus the logarithm of what was chosen, times how good it was.
    """
    units = (label.attributes.get("shape") or [None])[-1]
    zeros, low = (recording.series("label", label.key, name).finite().values for name in ("zero_share", "min"))
    if not isinstance(units, int) or units < 2 or not len(zeros) or not len(low):
        return False
    return float(low.min()) < 0 and float(zeros.min()) >= 1 - 1 / units - 1e-6


def loss_is(recording: Recording, subject: Site, function: str) -> bool:
    """Whether the loss of the only output is of a kind."""
    losses = (site for site in recording.sites_of("loss") if site.subject in ("", subject.key))
    return any(site.attributes.get("function") == function for site in losses)


def robust(recording: Recording, subject: Site) -> bool:
    """Whether the loss is squared near zero and straight beyond, by its form or its name: its minimum is a middle."""
    losses = (site for site in recording.sites_of("loss") if site.subject in ("", subject.key))
    return any(
        site.attributes.get("robust") or _ROBUST.search(str(site.attributes.get("keras_loss") or ""))
        for site in losses
    )


def interleaved(recording: Recording, subject: Site) -> bool:
    """Whether another subject trained during the same time, as in a GAN."""
    mine = recording.loss_seconds(subject.key)
    for other in recording.subjects:
        theirs = recording.loss_seconds(other.key)
        if other.key != subject.key and len(theirs) and len(mine):
            overlap = min(mine[-1], theirs[-1]) - max(mine[0], theirs[0])
            if overlap > 0.5 * min(mine[-1] - mine[0], theirs[-1] - theirs[0]):
                return True
    return False


def soft_labels(recording: Recording, subject: Site) -> bool:
    """Whether one-hot labels are none: the largest of a batch is mostly far below 1, as where classes share a row."""
    labels = [
        site
        for site in recording.sites_of("label")
        if site.subject in ("", subject.key) and site.attributes.get("encoding") == "one-hot"
    ]
    highest = [recording.series("label", site.key, "max").finite().values for site in labels]
    return any(len(values) and float(np.median(values)) < MOSTLY for values in highest)


#: A figure of the first epoch that differs less from the mean loss of its steps is that loss.
ALIKE = 0.3


def lost_epoch(recording: Recording, subject: str) -> int | None:
    """The step at which the loss of the epochs, by whatever name, became NaN for good, also in validation.

    The losses of the steps may not tell: an optimiser that scales the loss leaves out steps whose gradients are
    not finite, and of those no loss is recorded.
    """
    found = []
    losses = recording.losses(subject).finite()
    for name in recording.scalar_names(subject):
        held_out = recording.scalars(subject, name.replace("epoch/", "epoch/val_", 1))
        shown = recording.scalars(subject, name)
        if not name.startswith("epoch/") or not len(held_out) or len(shown) < 3:
            continue
        if not all(np.isfinite(one.values[0]) and not np.isfinite(one.values[-2:]).any() for one in (shown, held_out)):
            continue
        # A share or a correlation may be 0 / 0 in a sound run: only what is the mean of the losses counts.
        mean = float(losses.values[losses.steps <= shown.steps[0]].mean()) if len(losses) else 0.0
        if abs(float(shown.values[0]) - mean) < ALIKE * abs(mean):
            found.append(int(shown.steps[int(np.argmax(~np.isfinite(shown.values)))]))
    return min(found, default=None)
