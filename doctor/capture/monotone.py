"""The rising function of an answer that comes closest to labels: an answer whose last steps are not known."""

from __future__ import annotations

import numpy as np

#: Rows below which any curve through predictions and labels says little.
FEW_VALUES = 30
#: Rows that are looked at, evenly spaced.
MAX_VALUES = 4000


def brought_close(answer: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Isotonic regression of labels on an answer, by pooling adjacent violators.

    What the script makes of an answer before it compares it, such as undoing a standardisation or a logarithm, keeps
    its order: no such step brings it closer than this. On labels that are apart from it some
    (1 + 1/2 + ... + 1/rows) / rows of their variance are explained all the same.

    Args:
        answer: one value for each row, of any shape.
        labels: shape (rows,).

    Returns:
        (what the answer becomes, labels) of as many rows, float64; None where there are several values to a row, too
        few rows, or values that are not finite.
    """
    values, known = answer.reshape(-1).astype(np.float64), labels.astype(np.float64)
    if len(values) != len(known) or len(known) < FEW_VALUES or not (np.isfinite(values) & np.isfinite(known)).all():
        return None
    if len(known) > MAX_VALUES:
        chosen = np.linspace(0, len(known) - 1, MAX_VALUES).astype(int)
        values, known = values[chosen], known[chosen]
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    means = np.bincount(where, known) / counts
    blocks: list[tuple[float, int, int]] = []  # mean, rows, distinct values
    for mean, count in zip(means.tolist(), counts.tolist()):
        length = 1
        while blocks and blocks[-1][0] >= mean:
            before, rows, values_before = blocks.pop()
            mean, count = (before * rows + mean * count) / (rows + count), rows + count
            length += values_before
        blocks.append((mean, count, length))
    rising = np.repeat([one[0] for one in blocks], [one[2] for one in blocks])
    return rising[where], known
