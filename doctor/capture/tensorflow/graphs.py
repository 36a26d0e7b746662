"""Training steps inside a tf.function: taps are built into the graph while it is traced."""

from __future__ import annotations

import functools
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context, record
from tensorflow.python.eager.polymorphic_function import polymorphic_function
from tensorflow.python.framework import auto_control_deps, ops as framework_ops

from doctor.capture.patching import wrap
from doctor.capture.tensorflow.buffers import LOSSES, Ring, hidden_variable, when
from doctor.capture.tensorflow.evaluation import Evaluation
from doctor.capture.tensorflow.graph_taps import TapSet, data_measurements, network_measurements, statistics_of
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.stack import user_line
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.twins import Twins, scope
from doctor.capture.tensorflow.variables import VariableInfo, handle_id
from doctor.capture.tensorflow.walk import GraphWalk

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Assumed cost of a sample where none could be timed, in seconds.
SAMPLE_SECONDS = 0.01
#: What the step counter, the loss and the branches that are not taken cost at every step, in
#: seconds. It cannot be measured in a run; this is the difference of two in the benchmark.
FIXED_SECONDS = 1e-4
#: Steps between samples until the time of a step and of a sample has been measured.
FIRST_STRIDE = 200
#: Steps between samples that no run reaches.
NEVER = 1 << 40
#: Steps sampled, whatever the schedule says, once the loss is not finite.
NONFINITE_SAMPLES = 3
#: Seconds between looks at what the graphs left, once the dense start is over.
DRAIN_SECONDS = 0.25


class GraphState:
    """A subject's variables that live in its graphs: they outlive retracing.

    Args:
        number: of the state, counted from 0.
        dense_steps: steps sampled at the start.
    """

    def __init__(self, number: int, dense_steps: int) -> None:
        self.number = number
        self.step = hidden_variable(np.int64(0), tf.int64)
        self.dense = hidden_variable(np.int64(dense_steps), tf.int64)
        self.stride = hidden_variable(np.int64(FIRST_STRIDE), tf.int64)
        self.nonfinite_left = hidden_variable(np.int64(3), tf.int64)
        self.losses = Ring(LOSSES, 1)
        self.seen = 0
        self.stride_set = FIRST_STRIDE
        self.strided_at = 0
        # Whether the host chooses the steps to sample; None until that is known.
        self.chosen_by_host: bool | None = None
        self.next_step = 0
        self.nonfinite_samples = 0
        self.nonfinite = False


@dataclass
class GradientRecord:
    """A gradient that was taken in a graph, until the graph is complete."""

    graph: Any
    subject: Subject
    state: GraphState
    step: tf.Tensor
    sampled: tf.Tensor
    infos: dict[int, VariableInfo]
    updates: list[tuple[VariableInfo, Any]] = field(default_factory=list)


class Graphs:
    """Builds taps into graphs and reads what they left.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.evaluation = Evaluation(watcher)
        self.tracing = False
        self._records: list[GradientRecord] = []
        self._states: dict[str, tuple[Subject, GraphState]] = {}
        self._taps: list[tuple[Subject, TapSet]] = []
        self._drained_at = 0.0
        self._calls = 0
        self._depth = 0
        self._call_began = 0.0
        self._call_seconds = 0.0
        self._lock = threading.Lock()
        self._host_seconds = 0.0
        self._host_samples = 0
        self._plain: list[float] = []
        self._sampled: list[float] = []
        self._twins = Twins(self.session, self._wants, self._without_twin)
        self._wanted: list[tuple[Subject, int]] = []

    def install(self) -> None:
        """Put the seams in place: the end of tracing a graph, and the end of calling one."""
        finish = self.session.guarded("graphs")(self._finish_graph)
        after = self.session.guarded("reading graphs")(self._after_call)

        def leave(original: Any, manager: Any, kind: Any, *rest: Any) -> Any:
            if kind is None and not context.executing_eagerly():
                finish(framework_ops.get_default_graph())
            return original(manager, kind, *rest)

        def call(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            if self._depth or not context.executing_eagerly():
                return original(function, *args, **kwargs)
            self._depth += 1
            start = self._call_began = time.perf_counter()
            try:
                return original(function, *args, **kwargs)
            finally:
                self._depth -= 1
                self._call_began = 0.0
                if self._states or self.evaluation.graphs:
                    after(time.perf_counter() - start)
                    self.session.check_stop()

        wrap(auto_control_deps.AutomaticControlDependencies, "__exit__", leave)
        wrap(polymorphic_function.Function, "__call__", call)
        self.evaluation.install()
        self._twins.install()

    # While a graph is traced.

    def took_gradient(self, target: Any, infos: list[VariableInfo], gradients: list[Any]) -> None:
        """A gradient was taken in a graph: tap its forward pass, weights and gradients."""
        watcher = self.watcher
        graph = framework_ops.get_default_graph()
        targets = [one for one in tf.nest.flatten(target) if tf.is_tensor(one)]
        if not targets:
            return
        walk = GraphWalk(self.session, watcher.variables, graph, targets)
        location = user_line(self.session)
        subject = watcher.subjects.of(infos, location, "graph", watcher.keras.fit_facts())
        watcher.trained = True
        if subject.key not in self._states:
            dense = subject.schedule.dense_steps if self.session.overhead > 0 else 0
            if not self._states:
                threading.Thread(target=self._look_from_aside, name="doctor", daemon=True).start()
            self._states[subject.key] = (subject, GraphState(len(self._states), dense))
        state = self._states[subject.key][1]
        for info, gradient in zip(infos, gradients):
            subject.connected[info.key] = gradient is not None

        watcher.pipeline_used("train")
        network = analyse(walk.trace, walk.target)
        taps = watcher.sites.describe(
            subject, walk.trace, network, walk.look(watcher.layers), "train", watcher.keras.loss_facts()
        )
        watcher.draw_graph(subject, walk.trace, network)
        losses = [head.data_loss for head in network.heads]
        data_loss = walk.tensors.get(losses[0]) if len(losses) == 1 and losses[0] is not None else None
        with record.stop_recording(), tf.name_scope("doctor"):
            loss = tf.cast(data_loss, tf.float32) if data_loss is not None else _total(targets)
            step = state.step.read_value()
            state.step.assign_add(1, read_value=False)
            state.losses.write(step, tf.reshape(loss, [1]))
            broken = tf.logical_not(tf.math.is_finite(loss)) & (state.nonfinite_left.read_value() > 0)
            scheduled = (step < state.dense.read_value()) | tf.equal(
                tf.math.floormod(step, state.stride.read_value()), state.stride.read_value() - 1
            )
            sampled = scheduled | broken
            # What lives through the step anyway: watching it costs nothing while it is not sampled.
            kept = TapSet(data_measurements(taps, walk.tensors), forward=True)
            passing = TapSet(network_measurements(taps, walk.tensors))
            for info, gradient in zip(infos, gradients):
                variable = info.read()
                if variable is None or not variable.dtype.is_floating:
                    continue
                # Captured by its handle and read inside the branch: its value would be
                # copied at every step otherwise.
                kept.measurements.append(statistics_of("weight", info.key, variable.read_value))
                dense_gradient = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
                if dense_gradient is not None:
                    slope = functools.partial(tf.identity, dense_gradient)
                    passing.measurements.append(statistics_of("gradient", info.key, slope))

            def sample() -> None:
                kept.write(step)
                state.nonfinite_left.assign_sub(tf.cast(broken, tf.int64), read_value=False)

            if self.session.overhead > 0:
                kept.build()
                when(sampled, sample)
                passing.build()
                with tf.name_scope(scope(state.number, step=True)):
                    when(sampled, lambda: passing.write(step))
                self._taps += [(subject, kept), (subject, passing)]
        self._records.append(
            GradientRecord(graph, subject, state, step, sampled, {info.handle: info for info in infos})
        )
        self.tracing = True
        watcher.layers.forget()

    def assigned(self, kind: str, variable: Any, value: Any) -> None:
        """A variable is assigned in a graph in which its gradient was taken before."""
        graph = framework_ops.get_default_graph()
        identity = handle_id(variable)
        for gradient in reversed(self._records):
            info = gradient.infos.get(identity) if identity is not None else None
            if info is None:
                continue
            gradient.subject.assigned.add(info.key)
            gradient.subject.applies = True
            if gradient.graph is not graph or kind.startswith("scatter") or not self.session.overhead:
                return
            with record.stop_recording(), tf.name_scope("doctor"):
                delta = tf.convert_to_tensor(value, dtype=variable.dtype)
                if kind == "assign_sub":
                    gradient.updates.append((info, functools.partial(tf.negative, delta)))
                elif kind == "assign_add":
                    gradient.updates.append((info, functools.partial(tf.identity, delta)))
                elif kind == "assign":
                    # The old value is gone when the graph ends, so it is compared here.
                    self._tap_assignment(gradient, info, variable, delta)
            return

    def _tap_assignment(self, gradient: GradientRecord, info: VariableInfo, variable: Any, value: tf.Tensor) -> None:
        taps = TapSet([statistics_of("update", info.key, lambda: value - variable.read_value())])
        taps.build()
        with tf.name_scope(scope(gradient.state.number, step=False)):
            when(gradient.sampled, lambda: taps.write(gradient.step))
        self._taps.append((gradient.subject, taps))

    def _finish_graph(self, graph: Any) -> None:
        """A graph is complete: tap the updates of its gradients, or its evaluation."""
        mine = [one for one in self._records if one.graph is graph]
        if mine:
            self._records = [one for one in self._records if one.graph is not graph]
            self.tracing = bool(self._records)
            for gradient in mine:
                if gradient.updates:
                    taps = TapSet([statistics_of("update", info.key, delta) for info, delta in gradient.updates])
                    with record.stop_recording(), tf.name_scope("doctor"):
                        taps.build()
                        with tf.name_scope(scope(gradient.state.number, step=False)):
                            when(gradient.sampled, functools.partial(taps.write, gradient.step))
                    self._taps.append((gradient.subject, taps))
        else:
            self.evaluation.graph_done(graph)

    # On the host.

    def _after_call(self, seconds: float) -> None:
        self._calls += 1
        self._call_seconds += seconds
        exact = self.session.steps is not None
        wanted, self._wanted = self._wanted, []
        if exact or wanted or self._calls <= 40 or self.session.now() - self._drained_at > DRAIN_SECONDS:
            began = time.perf_counter()
            steps, samples = self.drain()
            plain = self._plain_seconds()
            # The first call holds the tracing.
            cost = max(seconds - plain, 0.1 * plain) if plain else SAMPLE_SECONDS
            cost += time.perf_counter() - began
            for subject, step in wanted:
                self._states[subject.key][1].stride.assign(NEVER, read_value=False)
                subject.schedule.spent(step, cost / len(wanted))
            if self._calls > 3 and steps:
                # Many steps that hold a sample are mostly plain steps.
                (self._sampled if samples and steps < 4 else self._plain).append(self._call_seconds / steps)
            self._call_seconds = 0.0
            self._set_strides()

    def _plain_seconds(self) -> float:
        """Time of a step that is not sampled; 0 until one was measured."""
        return float(np.median(self._plain[-20:])) if self._plain else 0.0

    def _wants(self, steps: dict[int, int]) -> bool:
        """Whether a call that advances these states by so many steps is sampled."""
        wanted: list[tuple[Subject, int]] = []
        for number, count in steps.items():
            subject, state = list(self._states.values())[number]
            if state.chosen_by_host is None:
                state.chosen_by_host = True
                state.dense.assign(0, read_value=False)
                state.stride.assign(NEVER, read_value=False)
            if not state.chosen_by_host:
                return True  # the graph itself counts
            first, state.next_step = state.next_step, state.next_step + count
            now = self.session.now()
            if state.nonfinite and state.nonfinite_samples < NONFINITE_SAMPLES:
                state.nonfinite_samples += 1
                wanted.append((subject, first))
            elif any(subject.schedule.wants(step, now) for step in range(first, first + count)):
                wanted.append((subject, first))
        for subject, _ in wanted:
            self._states[subject.key][1].stride.assign(1, read_value=False)
        self._wanted += wanted
        return bool(wanted)

    def _without_twin(self, numbers: set[int]) -> None:
        """These states are advanced by a function that has no twin: its graph has to count."""
        for number in numbers:
            state = list(self._states.values())[number][1]
            if state.chosen_by_host:
                state.stride.assign(state.stride_set, read_value=False)
            state.chosen_by_host = False

    def _set_strides(self) -> None:
        """Set the steps between samples from the measured times of steps and samples."""
        plain = self._plain_seconds()
        sampled = float(np.median(self._sampled[-20:])) if self._sampled else 0.0
        for subject, state in self._states.values():
            if state.chosen_by_host or state.seen < 20 or state.seen < 1.5 * state.strided_at or not plain:
                continue
            state.strided_at = state.seen
            cost = max(sampled - plain, 0.1 * plain) if sampled else SAMPLE_SECONDS
            cost += self._host_seconds / max(self._host_samples, 1)
            stride = subject.schedule.stride(state.seen, plain, cost, FIXED_SECONDS)
            if abs(stride - state.stride_set) > 0.1 * state.stride_set:
                state.stride.assign(stride, read_value=False)
                state.stride_set = stride

    def _look_from_aside(self) -> None:
        """A thread: reads what a loop inside a graph leaves while the script waits for it."""
        drain = self.session.guarded("reading graphs")(self.drain)
        while self.session.active:
            time.sleep(DRAIN_SECONDS)
            began = self._call_began
            if began and time.perf_counter() - began > 2 * DRAIN_SECONDS:
                drain()

    def drain(self, final: bool = False) -> tuple[int, int]:
        """Move what the graphs left to the recording; returns (steps, samples) seen."""
        with self._lock:
            return self._drain(final)

    def _drain(self, final: bool) -> tuple[int, int]:
        now = self.session.now()
        recorder = self.session.recorder
        steps = samples = 0
        for subject, state in self._states.values():
            rows = state.losses.read()
            for number, (step, row) in enumerate(rows):
                moment = self._drained_at + (now - self._drained_at) * (number + 1) / len(rows)
                recorder.step_done(subject.key, step, float(row[0]), moment)
                self.session.step_finished()
            if rows:
                state.seen = state.next_step = rows[-1][0] + 1
                state.nonfinite = not np.isfinite(rows[-1][1]).all()
                subject.gradient_steps = state.seen
                if subject.applies:
                    subject.applied_steps = state.seen
                steps += len(rows)
        for subject, tap_set in self._taps:
            began = time.perf_counter()
            for step, observations in tap_set.read():
                samples += 1
                self._host_samples += tap_set.forward
                for observation in observations:
                    recorder.observe(observation)
                if tap_set.forward:
                    self.watcher.keras.observe_optimizer(subject, step)
            self._host_seconds += time.perf_counter() - began
        self._drained_at = now
        self.evaluation.drain(final)
        return steps, samples


def _total(targets: list[Any]) -> tf.Tensor:
    """The loss: the mean where it is a vector, the sum over several targets."""
    return tf.add_n([tf.reduce_mean(tf.cast(target, tf.float32)) for target in targets])
