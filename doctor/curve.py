"""The loss curve at both ends: where it starts, where it ends, and whether it still falls."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from doctor.types import FloatArray, Series


@dataclass(frozen=True)
class Curve:
    """The loss curve, smoothed at both ends."""

    first: float
    late: float
    late_median: float
    late_error: float  # standard error of `late`
    first_error: float
    still_falling: bool  # in the last two windows
    unbent: bool  # over the whole run, as far as noise lets one see
    lowest: float = math.nan  # mean over the window, as long as that of `late`, in which it was lowest
    lowest_at: int = 0  # number of losses until the end of that window

    @property
    def fell(self) -> bool:
        """Whether the loss fell by more than the noise and by more than 5 %."""
        noise = 3 * math.hypot(self.late_error, self.first_error)
        return self.first - self.late > max(noise, 0.05 * abs(self.first))

    @property
    def falling(self) -> bool:
        """Whether the loss was still falling when the run ended."""
        return (self.still_falling and self.fell) or self.unbent


def nonfinite_step(losses: Series) -> int | None:
    """The first step of the last run of non-finite losses, where the curve ends in one.

    Single NaN losses that the run recovers from (mixed precision skips such steps) do not count.
    """
    bad = ~np.isfinite(losses.values)
    tail = bad[-10:]
    if not bad[-1] and tail.mean() <= 0.5:
        return None
    return int(losses.steps[int(np.argmax(bad))])


def curve_of(values: FloatArray) -> Curve:
    """The curve of finite losses, one a step, shape (steps,)."""
    count = len(values)
    if count == 0:
        return Curve(math.nan, math.nan, math.nan, 0.0, 0.0, False, False)
    # A tenth of the run, at least 5 steps (all of a shorter one), at most 200.
    width = min(max(count // 10, 5), 200, count)
    first, late = values[: max(1, min(5, count // 10))], values[-width:]
    before = values[-2 * width : -width]
    falling = bool(
        len(before) >= 2
        and before.mean() - late.mean() > 2 * math.hypot(_standard_error(before), _standard_error(late))
    )
    windows = values[count % width :].reshape(-1, width).mean(axis=1)
    return Curve(
        lowest=float(windows.min()),
        lowest_at=count % width + (int(windows.argmin()) + 1) * width,
        first=float(first.mean()),
        late=float(late.mean()),
        late_median=float(np.median(late)),
        late_error=_standard_error(late),
        first_error=_standard_error(first),
        still_falling=falling,
        unbent=_unbent(values),
    )


def _unbent(values: FloatArray) -> bool:
    """Whether a noisy curve falls over the whole run, and in its last half no slower than half as fast.

    By least squares, and by 5 % in all; the slope has to be five standard errors over the run and two over the
    last half. The two windows of the end see no trend where batches differ more than the loss falls between them.
    """
    if len(values) < 40:
        return False
    slope, error = _slope(values)
    late, late_error = _slope(values[len(values) // 2 :])
    if -slope * len(values) < 0.05 * abs(float(values.mean())):
        return False
    return -slope > 5 * error and -late > 2 * late_error and late < 0.5 * slope < 0


def _slope(values: FloatArray) -> tuple[float, float]:
    """(slope by least squares, its standard error), a step."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    square = float((at * at).sum())
    slope = float((at * values).sum()) / square
    rest = values - values.mean() - slope * at
    return slope, math.sqrt(float((rest * rest).sum()) / (len(values) - 2) / square)


def _standard_error(values: FloatArray) -> float:
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else 0.0
