"""Which steps are observed in full: densely at the start, then within a share of training time."""

from __future__ import annotations

import math
from typing import Callable

#: Steps with a loss that is not finite that are observed although the schedule would not have.
NONFINITE_SAMPLES = 3


class Schedule:
    """Decides before each step whether it is sampled, from what sampling has cost so far.

    The start is dense because initialisation faults show there: every step of the first
    `dense_steps`, as long as their cost stays below `dense_seconds`. After that a step is
    sampled when

    - the seconds spent since the dense start, and those of one more sample, stay within
      `aim` of what `overhead` allows of the time since then, less what steps cost that are not
      sampled, and the steps done have grown by `growth`; or
    - they stay within that plus the seconds of a step of `grace`, and the steps done have
      grown by the part that belongs to them: a run of a few seconds must be seen at its end
      too, and a second in all is lost on nobody.

    So long runs are sampled ever more sparsely in steps, and recordings stay small.

    Args:
        overhead: allowed share of training time, 0 to 1; 0 samples nothing.
        room: whether the recording may grow by another sample: those of a large model are large.

    Attributes:
        overhead: allowed share of training time, 0 to 1; 0 samples nothing.
        fixed_seconds: what every step costs, sampled or not. It is paid from the same
            budget, of which `least_share` is left for samples in any case.
    """

    dense_steps = 12
    dense_seconds = 1.5
    growth = 0.02
    #: (seconds, growth of the steps done that they are granted for).
    grace = ((0.4, 0.1), (1.0, 0.5))
    #: Part of the share that samples aim at. The rest is for what every step costs and for what no clock here sees.
    aim = 0.4
    least_share = 0.25

    def __init__(self, overhead: float, room: Callable[[], bool] = lambda: True) -> None:
        self.overhead = overhead
        self._room = room
        self.fixed_seconds = 0.0
        self._dense_spent = 0.0
        self._spent = 0.0
        self._last_cost = 0.0
        self._last_sampled = -1
        self._dense_end: float | None = None
        self._dense_end_step = 0

    def wants(self, step: int, now: float) -> bool:
        """Whether the step numbered `step` that starts at `now` (seconds) is sampled."""
        if self.overhead <= 0:
            return False
        if step < self.dense_steps and self._dense_spent < self.dense_seconds:
            return self._room()
        if self._dense_end is None:
            self._dense_end, self._dense_end_step = now, step
        passed = step - self._last_sampled
        if passed < max(2.0, self.growth * step):
            return False
        budget = self._left(now - self._dense_end, step - self._dense_end_step)
        budget += max((seconds for seconds, growth in self.grace if passed >= growth * step), default=0.0)
        return self._spent + self._last_cost <= budget and self._room()

    def spent(self, step: int, seconds: float) -> None:
        """Account for the cost of having sampled `step`."""
        self._last_sampled = step
        # A first sample pays for set-up that later ones do not: the mean forgets it slowly.
        self._last_cost = seconds if self._last_cost == 0 else 0.5 * (self._last_cost + seconds)
        if self._dense_end is None:
            self._dense_spent += seconds
        else:
            self._spent += seconds

    def charge(self, seconds: float) -> None:
        """Account for what the last sample turned out to have cost beyond what was known of it."""
        self._last_cost += seconds
        if self._dense_end is None:
            self._dense_spent += seconds
        else:
            self._spent += seconds

    def stride(self, step: int, step_seconds: float, sample_seconds: float) -> int:
        """Steps between samples that keep the cost within the same budget, for steps inside a graph.

        Args:
            step: steps done.
            step_seconds: measured time of one step, without a sample.
            sample_seconds: measured extra time of a sample.
        """
        if self.overhead <= 0:
            return 1 << 40
        budget = max(self._left(step_seconds, 1), 1e-9)
        steady = max(2.0, self.growth * step, sample_seconds / budget)
        for seconds, growth in self.grace:
            # Samples so far at this growth a sample.
            sparse = math.log(max(step / self.dense_steps, 1.0)) / math.log(1 + growth)
            if sparse * sample_seconds < seconds:
                steady = min(steady, max(2.0, growth * step))
        if not self._room():
            steady = max(steady, float(step))  # until it is asked again
        return int(steady) + 1

    def _left(self, seconds: float, steps: int) -> float:
        """Seconds that samples may take of a time in which so many steps were done."""
        budget = self.overhead * seconds
        return min(self.aim * budget, max(budget - self.fixed_seconds * steps, self.least_share * budget))
