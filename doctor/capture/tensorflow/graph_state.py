"""What is known of a subject whose steps are taken in graphs."""

from __future__ import annotations

import weakref
from typing import Any, Callable

import numpy as np
import tensorflow as tf

from doctor.capture.schedule import NONFINITE_SAMPLES, Schedule
from doctor.capture.tensorflow.buffers import StepLog, hidden_variable
from doctor.capture.tensorflow.subjects import Step
from doctor.capture.tensorflow.twins import Want

#: Steps between samples until the time of a step and of a sample has been measured.
FIRST_STRIDE = 200
#: Share of the budget that is left for updates which a script does eagerly, of gradients from a graph.
OUTSIDE_SHARE = 0.25
#: Share of the budget that is left for calls of a loop over a dataset which count classes and hits, and no more.
COUNTS_SHARE = 0.25


class LoopCalls:
    """Calls of a function that holds a loop over a dataset: the host chooses calls, the graph chooses steps in them.

    Args:
        overhead: share of training time that calls with counts may take.
        room: whether the recording may grow.

    Attributes:
        calls: were begun.
        steps: of the last one.
        want: what the one that runs observes.
        waiting: seconds and steps of a first one with all taps, whose cost is not known yet.
        bare: number of those that observed losses only.
        schedule: of the calls with counts.
    """

    def __init__(self, overhead: float, room: Callable[[], bool]) -> None:
        self.calls = self.steps = self.bare = 0
        self.want = Want.LOSSES
        self.waiting: tuple[float, int] | None = None
        self.schedule = Schedule(overhead, room)


class GraphState:
    """A subject's variables that live in its graphs: they outlive retracing.

    Args:
        number: of the state, counted from 0.
        dense_steps: steps sampled at the start.
        overhead: allowed share of training time.
        room: whether the recording may grow.
    """

    def __init__(self, number: int, dense_steps: int, overhead: float, room: Callable[[], bool]) -> None:
        self.number = number
        self.log = StepLog(NONFINITE_SAMPLES)
        # Steps sampled at the start, and steps between samples.
        self.chosen = hidden_variable(np.array([dense_steps, FIRST_STRIDE], np.int64), tf.int64)
        self.seen = 0
        # Whether the gradients that came first turned out to be parts of one step.
        self.restarted = False
        self.stride_set = FIRST_STRIDE
        self.strided_at = 0
        # Whether the host chooses the steps to sample; None until that is known.
        self.chosen_by_host: bool | None = None
        self.next_step = 0
        # The last step that the host chose.
        self.chosen_step = 0
        self.nonfinite_samples = 0
        self.nonfinite = False
        # Graphs whose own updates count the steps, and the call after which an eager one was counted.
        self.counted_in: weakref.WeakSet[Any] = weakref.WeakSet()
        self.counted_at = 0
        # The step whose variables are updated eagerly, and when that is observed.
        self.outside: Step | None = None
        self.outside_schedule = Schedule(OUTSIDE_SHARE * overhead, room)
        # Seconds of calls since the last look, and of single steps, without and with a sample.
        self.call_seconds = 0.0
        self.plain: list[float] = []
        self.with_sample: list[float] = []
        # Calls that were not sampled, of which the first makes the function ready; and the seconds of a sampled
        # one whose cost is not known yet.
        self.unsampled = 0
        self.unpriced = 0.0
        self._dense_steps = dense_steps
        self.loop = LoopCalls(COUNTS_SHARE * overhead, room)

    def plain_seconds(self) -> float:
        """Time of a step that is not sampled; 0 until one was measured."""
        return float(np.median(self.plain[-20:])) if self.plain else 0.0

    def sample_every(self, steps: int) -> None:
        """Have the graph sample once in so many steps, and at the start where it is the graph that counts."""
        dense = 0 if self.chosen_by_host else self._dense_steps
        self.chosen.assign(np.array([dense, steps], np.int64), read_value=False)
