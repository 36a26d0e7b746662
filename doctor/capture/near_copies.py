"""Whether held-out rows are slightly changed copies of training rows, as augmentation before the split leaves them.

Of rows that were drawn one by one the distances to the nearest, second nearest, ... training row grow
gradually. Copies lie much closer than everything else: there is a gap behind them. Where rows fill d dimensions the
ratio of the distances of neighbour k + 1 and neighbour k exceeds r with probability r^(-kd), as distances to the
power of d are uniform; d is taken from neighbours farther out (Levina and Bickel 2004, Maximum Likelihood Estimation
of Intrinsic Dimension).
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Narrower rows may lie close to each other by chance.
MIN_WIDTH = 8
#: Held-out rows that are looked at, training rows that they are compared with, columns that distances are taken over.
MAX_HELD_OUT, MAX_TRAINED, MAX_COLUMNS = 100, 20_000, 256
#: Bytes of an array that may be copied whole.
MAX_COPIED = 1 << 26
#: More columns than this are of one kind.
WIDEST_TABLE = 32
#: Fewer rows tell too little.
MIN_ROWS = 30
#: Neighbours among which a gap is looked for: more copies of one row are rare.
NEIGHBOURS = 12
#: Neighbours farther out, which tell how many dimensions the rows fill.
OUTER = 36
#: A gap that so few rows have by chance, of all the places where it may be.
CHANCE = 1e-3


def near_copies(
    trained: np.ndarray, held_out: np.ndarray, labels: np.ndarray | None = None
) -> dict[str, Any] | None:
    """How many of the held-out rows lie beside training rows as copies do.

    Args:
        trained: shape (rows, ...).
        held_out: shape (rows, ...), rows of the same shape.
        labels: of the training rows. Classes of few rows may be as tight as copies, and are none.

    Returns:
        {"rows", "near", "gap"}: held-out rows that were looked at, those with a gap behind their nearest
        training rows, and the median ratio of distances at the widest gap; None where it cannot be told.
    """
    if trained.shape[1:] != held_out.shape[1:] or min(len(trained), len(held_out)) < MIN_ROWS:
        return None
    if trained.dtype.kind not in "fiu" or held_out.dtype.kind not in "fiu":
        return None
    chosen = _spread(len(trained), MAX_TRAINED)
    known, asked = _table(trained, chosen), _table(held_out, _spread(len(held_out), MAX_HELD_OUT))
    if known is None or asked is None or len(known) <= OUTER:
        return None
    spread = known.std(axis=0)
    varied = spread > 0
    if known.shape[1] < MIN_WIDTH or varied.sum() < MIN_WIDTH or not np.isfinite(known).all():
        return None
    if trained.ndim < 3 and np.array_equal(known, np.rint(known)):
        return None  # tokens, codes and counts: the same text with another name in it is no copy
    # Columns of a table have units of their own; pixels and samples have one, and their edges nearly none.
    unit = spread[varied] if trained.ndim == 2 and varied.sum() <= WIDEST_TABLE else np.float32(spread.max())
    known, asked = known[:, varied] / unit, asked[:, varied] / unit
    if not np.isfinite(asked).all():
        return None
    squares: np.ndarray = (asked**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * asked @ known.T
    first = squares.argmin(axis=1)
    nearest = np.sqrt(np.maximum(np.partition(squares, OUTER, axis=1)[:, :OUTER], 1e-12))
    nearest.sort(axis=1)
    # Exact copies are found by their hashes; rounding leaves a little between them.
    own = nearest[:, 0] > 1e-3 * np.median(nearest[:, -1])
    if own.sum() < MIN_ROWS:
        return None
    logs = np.log(nearest[own])
    outer = logs[:, NEIGHBOURS:]
    dimensions = 1 / np.maximum((outer[:, -1:] - outer[:, :-1]).mean(axis=1), 1e-6)
    steps = np.diff(logs[:, : NEIGHBOURS + 1], axis=1)
    chance = np.exp(-steps * np.arange(1, NEIGHBOURS + 1) * dimensions[:, None])
    at = chance.argmin(axis=1)
    rare = chance.min(axis=1) * NEIGHBOURS <= CHANCE
    if labels is not None and len(labels) == len(trained):
        rare &= _rows_of_class(labels, chosen)[first[own]] > 3 * (at + 1)
    gaps = np.exp(steps[np.arange(len(steps)), at])
    return {"rows": int(own.sum()), "near": int(rare.sum()), "gap": float(np.median(gaps))}


def _spread(count: int, most: int) -> np.ndarray:
    """Evenly spaced numbers below `count`."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def _table(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray | None:
    """Some rows, and evenly spaced columns of them, shape (rows, columns), float32; without a copy of the others."""
    if not rows.flags.c_contiguous and rows.nbytes > MAX_COPIED:
        return None  # to see it as a table would copy it
    flat = rows.reshape(len(rows), -1)
    found: np.ndarray = flat[np.ix_(chosen, _spread(flat.shape[1], MAX_COLUMNS))].astype(np.float32)
    return found


def _rows_of_class(labels: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """How many training rows of its class each chosen row has; as many as there are where labels are no classes."""
    if labels.ndim > 1 and labels.shape[-1] > 1:
        labels = labels.reshape(len(labels), -1).argmax(axis=1)
    _, numbers, counts = np.unique(labels.reshape(-1)[chosen], return_inverse=True, return_counts=True)
    values = len(counts) > len(chosen) / 2
    found: np.ndarray = np.full(len(chosen), len(chosen)) if values else counts[numbers.reshape(-1)]
    return found
