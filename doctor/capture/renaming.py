"""Whether held-out labels follow the training labels, or follow them only under other names.

The labels of held-out rows are guessed from the training rows nearest to them, and by the nearest
class mean. Where guesses and labels agree only after the classes are renamed, one by one, the two
data sets were encoded by two different lists.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.capture.relation import MAX_CLASSES, NEIGHBOURS, class_numbers, scaled_tables

#: Fewer held-out rows may agree by chance with some renaming.
MIN_ROWS = 30
#: Fewer training rows know too little of each class.
MIN_KNOWN = 100


def renaming(
    known: tuple[np.ndarray, np.ndarray], asked: tuple[np.ndarray, np.ndarray]
) -> dict[str, Any] | None:
    """How well held-out labels can be guessed from training rows, as they are and with classes renamed.

    Args:
        known: inputs, shape (rows, values), and labels, shape (rows, 1) or (rows, classes), trained on.
        asked: the same of held-out rows.

    Returns:
        {"rows", "agree", "renamed", "names"}: held-out rows; the share of their labels that is guessed, as
        they are and under the best renaming of the classes; and [class in training, held-out class] of each
        class that this renames. None where labels are no classes, or too few rows are known.
    """
    if len(known[0]) < MIN_KNOWN or len(asked[0]) < MIN_ROWS or known[0].shape[1] != asked[0].shape[1]:
        return None
    first, second = class_numbers(known[1]), class_numbers(asked[1])
    if first is None or second is None:
        return None
    classes = np.unique(np.concatenate([first, second]))
    if not 2 <= len(classes) <= MAX_CLASSES or len(np.unique(second)) < 2:
        return None
    train, held = (np.searchsorted(classes, one) for one in (first, second))
    best: dict[str, Any] | None = None
    for table in scaled_tables([np.concatenate([known[0], asked[0]])]):
        for guess in _guesses(table[: len(train)], train, table[len(train) :], len(classes)):
            counts = np.zeros((len(classes), len(classes)))
            np.add.at(counts, (guess, held), 1.0)
            pairs = _best_pairs(counts)
            renamed = float(sum(counts[a, b] for a, b in pairs) / len(held))
            if best is None or renamed > best["renamed"]:
                names = [[int(classes[a]), int(classes[b])] for a, b in pairs if a != b and counts[a, b] > 0]
                agree = float(np.trace(counts) / len(held))
                best = {"rows": len(held), "agree": agree, "renamed": renamed, "names": names}
    return best


def _guesses(known: np.ndarray, labels: np.ndarray, asked: np.ndarray, classes: int) -> list[np.ndarray]:
    """Class numbers by the nearest rows and by the nearest class mean, each of shape (rows,)."""
    distance = (known**2).sum(axis=1)[None, :] - 2 * asked @ known.T
    nearest = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = np.eye(classes)[labels][nearest].sum(axis=1)
    present = np.unique(labels)
    means = np.stack([known[labels == one].mean(axis=0) for one in present])
    from_means = (means**2).sum(axis=1)[None, :] - 2 * asked @ means.T
    return [votes.argmax(axis=1), present[from_means.argmin(axis=1)]]


def _best_pairs(counts: np.ndarray) -> list[tuple[int, int]]:
    """(guessed class, label) pairs, each class in one, largest counts first."""
    left = counts.copy()
    pairs = []
    for _ in range(len(counts)):
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        pairs.append((int(row), int(column)))
        left[row, :] = left[:, column] = -1.0
    return pairs
