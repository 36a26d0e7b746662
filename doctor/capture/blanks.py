"""Where in sequences the moments lie whose values are all zero: at one end, as padding does, or among the others."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Rows that are looked at.
MAX_ROWS = 2000


def blanks(sequences: np.ndarray) -> dict[str, Any] | None:
    """Of sequences of shape (rows, moments, features): shares of blank moments and of rows; None where none is blank.

    Returns:
        `share` of all moments that are blank, `before`, `after` and `within` shares of the rows that have any which
        are not: blank moments before the first of these, after the last, and between two.
    """
    if sequences.ndim != 3 or sequences.shape[1] < 2 or sequences.dtype.kind not in "fiu" or not len(sequences):
        return None
    blank = (sequences[:: max(1, len(sequences) // MAX_ROWS)] == 0).all(axis=2)
    if not blank.any():
        return None
    some = blank[~blank.all(axis=1)]
    if not len(some):
        return None
    moments = np.arange(blank.shape[1])
    first, last = (~some).argmax(axis=1), blank.shape[1] - 1 - (~some[:, ::-1]).argmax(axis=1)
    inside = some & (moments > first[:, None]) & (moments < last[:, None])
    return {
        "share": float(blank.mean()),
        "before": float((first > 0).mean()),
        "after": float((last < blank.shape[1] - 1).mean()),
        "within": float(inside.any(axis=1).mean()),
    }
