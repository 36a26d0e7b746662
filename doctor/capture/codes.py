"""Values of a column that stand for a missing one: -999, 9999."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Fewer equal values may be chance, and of more than that share of a column they are a part of it.
FEWEST, LARGEST_SHARE = 3, 0.4
#: Columns of fewer other values are kinds of something.
FEWEST_OTHERS = 20
#: Standard deviations of the other values between the nearest of them and the code.
APART = 8.0


def code_of(values: np.ndarray, stride: int = 1) -> dict[str, Any] | None:
    """The smallest or largest value of a column, with its count, where it is repeated and far from all others.

    Args:
        values: finite, shape (n,).
        stride: of so many rows one is among the values.

    What is scaled linearly keeps such a value as far away, in standard deviations of the others.
    """
    if len(values) < FEWEST_OTHERS:
        return None
    for end in (float(values.min()), float(values.max())):
        others = values[values != end]
        count = len(values) - len(others)
        if count < FEWEST or count > LARGEST_SHARE * len(values) or len(np.unique(others)) < FEWEST_OTHERS:
            continue
        spread = float(others.std())
        if spread > 0 and float(np.abs(others - end).min()) > APART * spread:
            return {"value": end, "count": count * stride}
    return None
