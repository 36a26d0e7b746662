"""Which steps are observed in full: densely at the start, then within a share of training time."""

from __future__ import annotations


class Schedule:
    """Decides before each step whether it is sampled, from what sampling has cost so far.

    The start is dense because initialisation faults show there: every step of the first
    `dense_steps`, as long as their cost stays below `dense_seconds`. After that a step is
    sampled when the seconds spent on sampling, plus what one more sample is expected to
    cost, stay within `overhead` of the training time since the dense start, and at least
    `stride` steps have passed; the stride grows by a tenth of the steps done, so that long
    runs are sampled ever more sparsely (about ten samples per decade-and-a-half of steps)
    and recordings stay small.

    Attributes:
        overhead: allowed share of training time, 0 to 1; 0 samples nothing.
    """

    dense_steps = 12
    dense_seconds = 1.5
    #: Steps between samples grow to this share of the steps done: 500 samples take a run
    #: past e^(500 / 50) = 22,000 steps.
    growth = 0.02

    def __init__(self, overhead: float) -> None:
        self.overhead = overhead
        self._dense_spent = 0.0
        self._spent = 0.0
        self._last_cost = 0.0
        self._last_sampled = -1
        self._dense_end: float | None = None

    def wants(self, step: int, now: float) -> bool:
        """Whether the step numbered `step` that starts at `now` (seconds) is sampled."""
        if self.overhead <= 0:
            return False
        if step < self.dense_steps and self._dense_spent < self.dense_seconds:
            return True
        if self._dense_end is None:
            self._dense_end = now
        if step - self._last_sampled < max(2.0, self.growth * step):
            return False
        allowed = self.overhead * (now - self._dense_end)
        return self._spent + self._last_cost <= allowed

    def spent(self, step: int, seconds: float) -> None:
        """Account for the cost of having sampled `step`."""
        self._last_sampled = step
        # A first sample pays for set-up that later ones do not: the mean forgets it slowly.
        self._last_cost = seconds if self._last_cost == 0 else 0.5 * (self._last_cost + seconds)
        if self._dense_end is None:
            self._dense_spent += seconds
        else:
            self._spent += seconds

    def stride(self, step: int, step_seconds: float, sample_seconds: float) -> int:
        """Steps between samples that keep the cost within the budget, for loops inside a graph.

        Args:
            step: steps done.
            step_seconds: measured time of one step, without a sample.
            sample_seconds: measured extra time of a sample.
        """
        if self.overhead <= 0:
            return 1 << 40
        affordable = sample_seconds / max(self.overhead * step_seconds, 1e-9)
        return int(max(2.0, self.growth * step, affordable)) + 1
