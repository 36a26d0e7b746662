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
    """

    within: float
    overall: float
    expected: float
    steps: int


def variety(view: SubjectView) -> Variety | None:
    """How varied the classes of single batches are; None where labels are no classes or batches are small."""
    if view.label is None:
        return None
    rows = [values for _, values in view.recording.vectors(view.label.key, "class_counts") if values.sum() > 0]
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
    return Variety(within, overall, expected, len(rows))
