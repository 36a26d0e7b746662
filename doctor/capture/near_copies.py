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


def near_copies(trained: np.ndarray, held_out: np.ndarray) -> dict[str, Any] | None:
    """How many of the held-out rows lie beside training rows as copies do.

    Args:
        trained: shape (rows, ...).
        held_out: shape (rows, ...), rows of the same shape.

    Returns:
        {"rows", "near", "gap"}: held-out rows that were looked at, those with a gap behind their nearest
        training rows, and the median ratio of distances at the widest gap; None where it cannot be told.
    """
    if trained.shape[1:] != held_out.shape[1:] or min(len(trained), len(held_out)) < MIN_ROWS:
        return None
    if trained.dtype.kind not in "fiu" or held_out.dtype.kind not in "fiu":
        return None
    known, asked = _table(trained, MAX_TRAINED), _table(held_out, MAX_HELD_OUT)
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
    squares = (asked**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * asked @ known.T
    if len(known) <= OUTER:
        return None
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
    gaps = np.exp(steps[np.arange(len(steps)), at])
    return {"rows": int(own.sum()), "near": int(rare.sum()), "gap": float(np.median(gaps))}


def _table(rows: np.ndarray, most: int) -> np.ndarray:
    """Evenly spaced rows and columns, shape (rows, columns), float32."""
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int))]
    flat = chosen.reshape(len(chosen), -1)
    columns = np.unique(np.linspace(0, flat.shape[1] - 1, min(flat.shape[1], MAX_COLUMNS)).astype(int))
    found: np.ndarray = flat[:, columns].astype(np.float32)
    return found
