"""How varied the labels of single batches are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from doctor.baseline import entropy
from doctor.rules.view import SubjectView

#: Smaller batches hold few classes by chance.
MIN_BATCH = 16
#: Steps with class counts that are needed.
MIN_STEPS = 3


@dataclass(frozen=True)
class Variety:
    """Entropies of labels, in nats.

    Attributes:
        within: of one batch, mean over the observed ones.
        overall: of all observed batches together.
        expected: what a batch of this size would have, drawn at random.
        steps: observed batches.
        in_turn: batches of two kinds alternate, as those of a discriminator do: that is no order of the data.
    """

    within: float
    overall: float
    expected: float
    steps: int
    in_turn: bool = False


def variety(view: SubjectView) -> Variety | None:
    """How varied the classes of single batches are; None where labels are no classes or batches are small."""
    if view.label is None:
        return None
    found = [pair for pair in view.recording.vectors(view.label.key, "class_counts") if pair[1].sum() > 0]
    rows = [values for _, values in found]
    if len(rows) < MIN_STEPS:
        return None
    width = max(len(row) for row in rows)
    counts = np.vstack([np.pad(row, (0, width - len(row))) for row in rows])
    size = float(np.median(counts.sum(axis=1)))
    shares = counts.sum(axis=0) / counts.sum()
    overall = entropy(shares)
    if size < MIN_BATCH or overall <= 0:
        return None
    within = float(np.mean([entropy(row / row.sum()) for row in counts]))
    # Miller and Madow 1955: n draws from K classes show (K - 1) / 2n nats less than there are.
    expected = max(overall - (np.count_nonzero(shares) - 1) / (2 * size), 0.5 * overall)
    pairs = [(one[1], other[1]) for one, other in zip(found, found[1:]) if other[0] == one[0] + 1]
    changes = [int(one.argmax()) != int(other.argmax()) for one, other in pairs]
    in_turn = np.count_nonzero(shares) == 2 and len(changes) >= MIN_STEPS and float(np.mean(changes)) > 0.5
    return Variety(within, overall, expected, len(rows), in_turn)


def misleading(view: SubjectView, max_gap: float) -> bool:
    """Whether the figures of training cannot be trusted where batches are of one class each.

    Such a loss is small whatever was learned: only what is held out tells.
    """
    return view.judgement.eval_accuracy is None or (view.gap is not None and view.gap >= max_gap)
