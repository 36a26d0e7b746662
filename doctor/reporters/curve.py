"""A curve in one line of characters."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from doctor.types import FloatArray, Series

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII = "_.-~=+*#"

#: Where a value in the curve is NaN or infinite.
BROKEN = "!"


def sparkline(series: Series, width: int = 32, blocks: bool = True, beside: Sequence[Series] = ()) -> str:
    """The series in at most `width` characters, low to high; "!" where it is not finite.

    Values are averaged over equal stretches of steps. The scale is logarithmic where all
    values are positive and span more than a hundredfold. A flat series comes out low.

    Args:
        series: what is drawn.
        width: the most characters.
        blocks: False where only ASCII can be shown.
        beside: what else is drawn to the same scale.
    """
    if len(series) < 2:
        return ""
    heights = _bins(series.values, min(width, len(series)))
    all_heights = np.concatenate([heights, *(_bins(other.values, min(width, len(other))) for other in beside)])
    finite = all_heights[np.isfinite(all_heights)]
    if not np.isfinite(heights).any():
        return BROKEN * len(heights)
    low, high = float(finite.min()), float(finite.max())
    if low > 0 and high / low > 100:
        heights, low, high = np.log(heights), float(np.log(low)), float(np.log(high))
    # Below a thousandth of its size a change is not a shape worth drawing.
    flat = high - low <= 1e-3 * max(abs(high), abs(low))
    letters = BLOCKS if blocks else ASCII
    line = ""
    for height in heights:
        if not np.isfinite(height):
            line += BROKEN
        else:
            level = 0 if flat else int((height - low) / (high - low) * (len(letters) - 1) + 0.5)
            line += letters[level]
    return line


def _bins(values: FloatArray, count: int) -> FloatArray:
    """Means of `count` equal stretches; NaN where a stretch holds anything not finite."""
    edges = np.linspace(0, len(values), count + 1).astype(int)
    means = np.full(count, np.nan)
    for index, (first, last) in enumerate(zip(edges[:-1], edges[1:])):
        stretch = values[first:last]
        if np.isfinite(stretch).all():
            # Divided first: the sum of huge finite losses may overflow.
            means[index] = float((stretch / len(stretch)).sum())
    return means
