"""The host's side of graphs: chooses the steps to sample, and reads what the graphs left."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from doctor.capture.schedule import NONFINITE_SAMPLES
from doctor.capture.tensorflow.buffers import Ring
from doctor.capture.tensorflow.graph_state import COUNTS_SHARE, GraphState
from doctor.capture.tensorflow.graph_taps import TapSet
from doctor.capture.tensorflow.subjects import MAX_ACCUMULATED, Subject
from doctor.capture.tensorflow.twins import Want

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Assumed cost of a sample where none could be timed, in seconds.
SAMPLE_SECONDS = 0.01
#: What the step counter, the loss and the branches that are not taken cost at every step, in
#: seconds. It cannot be measured in a run; this is the difference of two in the benchmark.
FIXED_SECONDS = 1e-4
#: Steps between samples that no run reaches.
NEVER = 1 << 40
#: A sampled call that takes longer than this many seconds is followed by two that are not sampled, to learn
#: what of it the sample cost: the dense start of a large model would take minutes otherwise.
PROBE_SECONDS = 0.15
#: Seconds between looks at what the graphs left, once the dense start is over.
DRAIN_SECONDS = 0.5


class GraphReader:
    """Knows the states and taps of all graphs.

    Args:
        watcher: the hub of all hooks.
        drain_evaluation: reads what forward passes outside of tapes left; told whether the run ends.
    """

    def __init__(self, watcher: Watcher, drain_evaluation: Callable[[bool], None]) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.states: dict[str, tuple[Subject, GraphState]] = {}
        self._by_number: list[tuple[Subject, GraphState]] = []
        self.taps: list[tuple[Subject, TapSet]] = []
        # What was observed of gradients of which it is not known yet whether each is a step.
        self._held: list[tuple[Subject, Any]] = []
        self.call_began = 0.0
        self._drain_evaluation = drain_evaluation
        self._drained_at = 0.0
        self.calls = 0
        self._call_seconds = 0.0
        self._lock = threading.Lock()
        self._host_seconds = 0.0
        self._host_samples = 0
        self._taps_known = 0
        self._called: list[GraphState] = []
        self._wanted: list[tuple[Subject, int]] = []
        # (steps, samples) that were read, and belong to no call that is accounted for.
        self._gathered: dict[GraphState, tuple[int, int]] = {}

    def state_of(self, subject: Subject) -> GraphState:
        """The state of a subject, made when it is first asked for."""
        if subject.key not in self.states:
            dense = subject.schedule.dense_steps if self.session.overhead > 0 else 0
            if not self.states:
                threading.Thread(target=self._look_from_aside, name="doctor", daemon=True).start()
            subject.schedule.fixed_seconds = FIXED_SECONDS
            state = GraphState(len(self.states), dense, self.session.overhead, self.session.room)
            self._by_number.append((subject, state))
            self.states[subject.key] = self._by_number[-1]
        return self.states[subject.key][1]

    def _settled(self, subject: Subject) -> list[Any]:
        """The observations of a subject that waited, and wait no longer."""
        waited = [observation for owner, observation in self._held if owner is subject]
        if waited:
            self._held = [one for one in self._held if one[0] is not subject]
        return waited

    def rings(self, subject: Subject) -> list[Ring]:
        """What holds the observations of a subject until they are read."""
        return [taps.ring for owner, taps in self.taps if owner is subject and taps.ring is not None]

    def after_call(self, seconds: float) -> None:
        """A function was called from Python, and took so long."""
        self.calls += 1
        exact = self.session.steps is not None
        wanted, self._wanted = self._wanted, []
        called, self._called = self._called, []
        for state in called:
            state.call_seconds += seconds / len(called)
        if not called:
            self._call_seconds += seconds
        looped = any(state.loop.calls for state in called)  # what such a call cost decides about the next
        if exact or wanted or looped or self.calls <= 40 or self.session.now() - self._drained_at > DRAIN_SECONDS:
            began = time.perf_counter()
            plain = sum(state.plain_seconds() for state in called)
            advanced = self._since_last_call()
            # What a call takes longer than others is the cost of its sample, but for one that traces.
            traced, self._taps_known = len(self.taps) != self._taps_known, len(self.taps)
            cost = max(seconds - plain, 0.1 * plain) if plain and not traced else SAMPLE_SECONDS
            cost += time.perf_counter() - began
            for subject, step in wanted:
                state = self.states[subject.key][1]
                state.sample_every(NEVER)
                subject.schedule.spent(step, cost / len(wanted))
                if not traced and not plain:
                    state.unpriced = seconds
            self._note_times(advanced)
            self._set_strides()

    def _since_last_call(self) -> dict[GraphState, tuple[int, int]]:
        """(steps, samples) of each state that went on since a call was accounted for, also while that one ran."""
        self._gather()
        with self._lock:
            found, self._gathered = self._gathered, {}
        return found

    def _note_times(self, advanced: dict[GraphState, tuple[int, int]]) -> None:
        """Share the time of the calls since the last look among the steps that they took."""
        unnamed = sum(steps for state, (steps, _) in advanced.items() if not state.call_seconds)
        for state, (steps, samples) in advanced.items():
            if state.loop.calls and state.call_seconds:
                self._loop_done(self._by_number[state.number][0], state, state.call_seconds, steps)
                continue
            seconds = state.call_seconds / steps if state.call_seconds else self._call_seconds / unnamed
            sampled = samples and steps < 4  # many steps that hold a sample are mostly plain steps
            state.unsampled += not sampled
            if self.calls > 3 and (sampled or state.unsampled > 1 or not state.chosen_by_host):
                (state.with_sample if sampled else state.plain).append(seconds)
            if state.unpriced and state.plain:
                subject = self._by_number[state.number][0]
                subject.schedule.charge(max(0.0, state.unpriced - state.plain_seconds()))
                state.unpriced = 0.0
        for _, state in self.states.values():
            state.call_seconds = 0.0
        self._call_seconds = 0.0

    def wants(self, steps: dict[int, int]) -> Want:
        """What a call that advances these states (by number) by so many steps is to observe."""
        if not self.call_began:
            return Want.ALL  # called in a way that is not timed: the graph itself counts
        wanted: list[tuple[Subject, int]] = []
        loops = Want.LOSSES
        for number, count in steps.items():
            subject, state = self._by_number[number]
            self._called.append(state)
            if not count:
                loops = max(loops, self._wants_loop(subject, state))
                continue
            if state.chosen_by_host is None:
                state.chosen_by_host = True
                state.sample_every(NEVER)
            if not state.chosen_by_host:
                return Want.ALL  # the graph itself counts
            first, state.next_step = state.next_step, state.next_step + count
            now = self.session.now()
            if state.nonfinite and state.nonfinite_samples < NONFINITE_SAMPLES:
                state.nonfinite_samples += 1
                wanted.append((subject, first))
            elif state.unpriced > PROBE_SECONDS:
                continue
            elif any(subject.schedule.wants(step, now) for step in range(first, first + count)):
                wanted.append((subject, first))
        for subject, first in wanted:
            state = self.states[subject.key][1]
            state.sample_every(1)
            state.chosen_step = first
        self._wanted += wanted
        want = Want.ALL if wanted else loops
        self.watcher.nested.arm(want is Want.ALL)
        return want

    def _wants_loop(self, subject: Subject, state: GraphState) -> Want:
        """What a call that takes any number of steps observes."""
        loop, now = state.loop, self.session.now()
        first = not loop.calls
        if first:
            subject.schedule.overhead *= 1 - COUNTS_SHARE  # one budget for both
        loop.calls += 1
        broken = state.nonfinite and state.nonfinite_samples < NONFINITE_SAMPLES
        state.nonfinite_samples += broken
        step = max(state.seen, subject.schedule.dense_steps)
        if first or broken or (loop.waiting is None and subject.schedule.wants(step, now)):
            loop.want = Want.ALL
            state.chosen_step = state.seen
        else:
            loop.want = Want.COUNTS if state.plain and loop.schedule.wants(step, now) else Want.LOSSES
        if not first:
            # Statistics three times a call, or as often as the steps have grown by a twentieth; a count costs little
            # beside the call that holds it.
            often = 3 if loop.want is Want.ALL else 10
            state.sample_every(max(2 if often == 3 else 1, loop.steps // often, state.seen // (6 * often)))
        return loop.want

    def _loop_done(self, subject: Subject, state: GraphState, seconds: float, steps: int) -> None:
        """Account for a call that took so many steps."""
        loop, plain = state.loop, state.plain_seconds()
        loop.steps = steps
        more = max(seconds - steps * plain, 0.0) if plain else 0.0
        if loop.want is Want.ALL:
            subject.schedule.spent(state.seen - 1, more)
            loop.waiting = None if plain else (seconds, steps)
            return
        if loop.want is Want.COUNTS:
            loop.schedule.spent(state.seen - 1, more)
            return
        loop.bare += 1
        if loop.bare > 1:  # the first makes the function ready
            state.plain.append(seconds / steps)
            if loop.waiting is not None:
                subject.schedule.charge(max(loop.waiting[0] - loop.waiting[1] * state.plain_seconds(), 0.0))
                loop.waiting = None

    def without_twin(self, numbers: set[int]) -> None:
        """These states are advanced by a function that has no twin: its graph has to count."""
        for number in numbers:
            state = self._by_number[number][1]
            was, state.chosen_by_host = state.chosen_by_host, False
            if was:
                state.sample_every(state.stride_set)

    def _set_strides(self) -> None:
        """Set the steps between samples from the measured times of steps and samples."""
        for subject, state in self.states.values():
            plain = state.plain_seconds()
            sampled = float(np.median(state.with_sample[-20:])) if state.with_sample else 0.0
            counted = state.chosen_by_host or state.loop.calls
            if counted or state.seen < 20 or state.seen < 1.5 * state.strided_at or not plain:
                continue
            state.strided_at = state.seen
            cost = max(sampled - plain, 0.1 * plain) if sampled else SAMPLE_SECONDS
            cost += self._host_seconds / max(self._host_samples, 1)
            stride = subject.schedule.stride(state.seen, plain, cost)
            if abs(stride - state.stride_set) > 0.1 * state.stride_set:
                state.sample_every(stride)
                state.stride_set = stride

    def _look_from_aside(self) -> None:
        """A thread: reads what a loop inside a graph leaves while the script waits for it."""
        drain = self.session.guarded("reading graphs")(self._gather)
        while self.session.active:
            time.sleep(DRAIN_SECONDS / 2)
            began = self.call_began
            if began and time.perf_counter() - began > DRAIN_SECONDS:
                drain()

    def _gather(self) -> None:
        """Drain, also while a call runs: what is read then is accounted for when it is over."""
        with self._lock:
            for state, (steps, samples) in self._drain(False).items():
                before = self._gathered.get(state, (0, 0))
                self._gathered[state] = (before[0] + steps, before[1] + samples)

    def drain(self, final: bool = False) -> dict[GraphState, tuple[int, int]]:
        """Move what the graphs left to the recording; returns (steps, samples) seen of each that went on."""
        with self._lock:
            return self._drain(final)

    def _drain(self, final: bool) -> dict[GraphState, tuple[int, int]]:
        now = self.session.now()
        recorder = self.session.recorder
        steps: dict[GraphState, int] = {}
        samples: dict[str, int] = {}
        unsettled = []
        for subject, state in self.states.values():
            if not (subject.applies or final) and state.log.waiting() <= MAX_ACCUMULATED[0]:
                unsettled.append(subject)
                continue  # an update may follow in another function: these may be one step
            for observation in self._settled(subject):
                recorder.observe(replace(observation, step=0) if state.restarted else observation)
            first, losses = state.log.read()
            for number, loss in enumerate(losses.tolist()):
                moment = self._drained_at + (now - self._drained_at) * (number + 1) / len(losses)
                recorder.step_done(subject.key, first + number, loss, moment)
            if len(losses):
                self.session.steps_finished(len(losses))
                state.seen = state.next_step = first + len(losses)
                state.nonfinite = not math.isfinite(losses[-1])
                subject.gradient_steps = state.seen
                subject.gradient_calls = state.log.gradients()
                if subject.applies:
                    subject.applied_steps = state.seen
                steps[state] = len(losses)
        for subject, tap_set in self.taps:
            began = time.perf_counter()
            for step, observations in tap_set.read():
                samples[subject.key] = samples.get(subject.key, 0) + 1
                self._host_samples += tap_set.forward
                if subject in unsettled:
                    self._held += [(subject, observation) for observation in observations]
                    observations = []
                for observation in observations:
                    recorder.observe(observation)
                if tap_set.forward:
                    self.watcher.keras.observe_optimizer(subject, step)
            self._host_seconds += time.perf_counter() - began
        for subject, state in self.states.values():
            for observation in self.watcher.nested.read(subject, state.chosen_step):
                if subject in unsettled:
                    self._held.append((subject, observation))
                else:
                    recorder.observe(observation)
        self._drained_at = now
        self._drain_evaluation(final)
        return {
            state: (steps[state], samples.get(subject.key, 0))
            for subject, state in self.states.values()
            if state in steps
        }
