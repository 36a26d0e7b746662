"""Watches training steps: the seam at `GradientTape` and at the assignment of variables."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, Callable

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import backprop, context, record
from tensorflow.python.ops import resource_variable_ops

from doctor.capture.patching import wrap
from doctor.capture.schedule import NONFINITE_SAMPLES
from doctor.capture.session import Session
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.drawing import graph_of
from doctor.capture.tensorflow.gradients import added, aligned, loss_value
from doctor.capture.tensorflow.graphs import Graphs
from doctor.capture.tensorflow.keras_state import KerasState
from doctor.capture.tensorflow.layers import Layers
from doctor.capture.tensorflow.network import Network, analyse
from doctor.capture.tensorflow.sites import SiteBook
from doctor.capture.tensorflow.subjects import Subject, Subjects
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.trace import Trace
from doctor.capture.tensorflow.variable_sites import VariableSites
from doctor.capture.tensorflow.variables import VariableInfo, Variables, handle_id
from doctor.types import Observation, ScalarObservation


class Watcher:
    """Everything that is known of the training in this process.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.variables = Variables(session)
        self.layers = Layers(session)
        self.subjects = Subjects(session)
        self.keras = KerasState(session)
        self.variable_sites = VariableSites(session, self.variables, self.layers, lambda: self.subjects.all)
        self.sites = SiteBook(session, self.layers, self.variable_sites)
        self.graphs = Graphs(self)
        self.last_inputs: list[Any] = []
        self.pipeline_used: Callable[[str], None] = lambda used_for: None
        self.trained = False
        self._tape: Any = None
        self._collector: eager.Collector | None = None
        self._expected: dict[tuple[Any, int], Subject] = {}
        self._open_at: tuple[Any, int] | None = None
        self._pending: dict[int, VariableInfo] = {}
        self._pending_subject: Subject | None = None
        self._pending_sampled = False
        self._counted = False
        self._assigning = False
        self.updating = False
        self._drawn: set[int] = set()

    def install(self) -> None:
        """Put the seams in place."""
        self.variables.install()
        guarded = self.session.guarded
        enter = guarded("gradient tapes")(self._enter)
        leave = guarded("gradient tapes")(self._leave)
        took = guarded("gradients")(self._took)
        assigned = guarded("updates")(self._assigned)
        session = self.session

        def tape_enter(original: Any, tape: Any) -> Any:
            session.check_stop()
            result = original(tape)
            enter(tape, sys._getframe(2))
            return result

        def tape_exit(original: Any, tape: Any, *error: Any) -> Any:
            if self._tape is tape:
                leave(tape)
            return original(tape, *error)

        def gradient(original: Any, tape: Any, target: Any, sources: Any, *args: Any, **kwargs: Any) -> Any:
            if self._tape is tape:
                leave(tape)
            result = original(tape, target, sources, *args, **kwargs)
            took(tape, target, sources, result)
            return result

        wrap(backprop.GradientTape, "__enter__", tape_enter)
        wrap(backprop.GradientTape, "__exit__", tape_exit)
        wrap(backprop.GradientTape, "gradient", gradient)

        def assignment(kind: str) -> Any:
            def assign(original: Any, variable: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
                # A subclass may hand the assignment on to its base: it is counted once.
                if self._assigning or not (self._pending or self.graphs.tracing):
                    return original(variable, value, *args, **kwargs)
                self._assigning = True
                try:
                    assigned(kind, variable, value)
                    return original(variable, value, *args, **kwargs)
                finally:
                    self._assigning = False

            return assign

        for owner in (resource_variable_ops.BaseResourceVariable, resource_variable_ops.ResourceVariable):
            for name in ("assign", "assign_add", "assign_sub", "scatter_sub", "scatter_add", "scatter_update"):
                if name in vars(owner):
                    wrap(owner, name, assignment(name))
        self.graphs.install()
        self.session.at_finish(self._finish)

    # The forward pass under a tape, eager.

    def _enter(self, tape: Any, frame: Any) -> None:
        if not context.executing_eagerly() or threading.get_ident() != self.session.thread or self._tape is not None:
            return
        self.end_evaluation()
        self._pending = {}
        at = (frame.f_code, frame.f_lineno)
        self._tape, self._open_at = tape, at
        subject = self._expected.get(at)
        wanted = (
            self.session.overhead > 0
            if subject is None
            else subject.schedule.wants(subject.step, self.session.now())
        )
        if wanted:
            self._collector = eager.Collector(self.session)
            self._collector.start()

    def _leave(self, tape: Any) -> None:
        if self._collector is not None and context.executing_eagerly():
            self._collector.stop()
        if self._tape is tape and context.executing_eagerly():
            self._tape = None

    # The gradient.

    def _took(self, tape: Any, target: Any, sources: Any, result: Any) -> None:
        flat = tf.nest.flatten(sources)
        if any(handle_id(source) is None for source in flat):
            return  # a gradient with respect to inputs, as in a gradient penalty
        infos = [info for info in map(self.variables.of, flat) if info is not None]
        gradients = aligned(result, len(flat))
        if flat and not infos:
            return  # with an empty list of variables, which is a fault, the step still counts
        if not context.executing_eagerly():
            self.graphs.took_gradient(target, infos, gradients)
            return
        if self._tape is not None and tape is not self._tape:
            return  # inside the forward pass of a step: a gradient of a gradient will follow
        if threading.get_ident() != self.session.thread:
            self.session.not_captured("other threads", "training steps in threads other than the main one are not seen")
            return
        self._took_eagerly(target, infos, gradients)

    def _took_eagerly(self, target: Any, infos: list[VariableInfo], gradients: list[Any]) -> None:
        start = time.perf_counter()
        first = [one for one in tf.nest.flatten(target) if one is not None]
        loss = loss_value(first)
        subject = self.subjects.of(infos, self.session.locator.here(1), "eager", self.keras.fit_facts())
        step = subject.gradient_steps
        subject.gradient_steps += 1
        if self._open_at is not None:
            self._expected[self._open_at] = subject
        self.trained = True
        self.session.recorder.step_done(subject.key, step, loss, self.session.now())
        for info, gradient in zip(infos, gradients):
            subject.connected[info.key] = gradient is not None
        self._pending = {info.handle: info for info in infos}
        self._pending_subject, self._counted = subject, False
        collector, self._collector = self._collector, None
        self._pending_sampled = False
        if collector is not None and collector.nodes:
            self._sample(subject, step, collector, first, infos, gradients)
            subject.schedule.spent(step, time.perf_counter() - start + collector.seconds)
            self.session.spend(collector.seconds)
        elif not np.isfinite(loss) and subject.nonfinite_samples < NONFINITE_SAMPLES:
            subject.nonfinite_samples += 1
            self._sample_late(subject, step, infos, gradients)
        self.layers.forget()

    def _sample(
        self,
        subject: Subject,
        step: int,
        collector: eager.Collector,
        targets: list[Any],
        infos: list[VariableInfo],
        gradients: list[Any],
    ) -> None:
        """Record everything of a step whose ops were collected."""
        target = next((one._id for one in targets if hasattr(one, "_id")), None)
        trace = collector.trace(self.variables)
        network = analyse(trace, target)
        self.note_batch(subject, collector, network)
        self.draw_graph(subject, trace, network)
        if step < 2:
            self.pipeline_used("train")
        taps: Taps = self.sites.describe(
            subject, trace, network, collector.look(self.layers), "train", self.keras.loss_facts()
        )
        eager.observe(self.session, collector, taps, step)
        self._observe_weights(step, infos, gradients)
        self.keras.observe_optimizer(subject, step)
        data_loss = next((head.data_loss for head in network.heads if head.data_loss is not None), None)
        if len(network.heads) == 1 and data_loss is not None and data_loss in collector.tensors and data_loss != target:
            value = float(np.mean(collector.tensors[data_loss].numpy()))
            self.session.recorder.observe(ScalarObservation(step, subject.key, "data_loss", value))
        self._pending_sampled = True
        if not np.isfinite(loss_value(targets)):
            subject.nonfinite_samples += 1

    def _sample_late(self, subject: Subject, step: int, infos: list[VariableInfo], gradients: list[Any]) -> None:
        """Record what is left of a step that was not sampled and whose loss turned out not finite."""
        self.variable_sites.describe(subject, None) if not subject.named else None
        self._observe_weights(step, infos, gradients)
        site = self.session.recorder.site(f"input:{subject.number}:0")
        for tensor in self.last_inputs:
            values = eager.array_of(tensor) if not isinstance(tensor, np.ndarray) else tensor
            if site is not None and values is not None and values.dtype.kind == "f" and values.ndim >= 2:
                self.session.recorder.observe(Observation(step, "input", site.key, summarise(values)))
                break
        self._pending_sampled = True

    def _observe_weights(self, step: int, infos: list[VariableInfo], gradients: list[Any]) -> None:
        for info, gradient in zip(infos, gradients):
            value = eager.array_of(info.read())
            if value is not None:
                self.session.recorder.observe(Observation(step, "weight", info.key, summarise(value)))
            slope = eager.array_of(gradient)
            if slope is not None:
                self.session.recorder.observe(Observation(step, "gradient", info.key, summarise(slope)))

    def draw_graph(self, subject: Subject, trace: Trace, network: Network) -> None:
        """Write the forward pass for the graph dashboard, once for each subject."""
        if subject.number not in self._drawn:
            self._drawn.add(subject.number)
            self.session.recorder.events("train").graph(graph_of(self.session, trace, network, subject))

    def note_batch(self, subject: Subject, collector: eager.Collector, network: Any) -> None:
        """Note the batch size, once."""
        if subject.batch_size is None and network.inputs:
            shape = tuple(collector.tensors[network.inputs[0]].shape)
            if shape:
                subject.batch_size = shape[0]
                self.subjects.describe(subject)

    # Updates.

    def _assigned(self, kind: str, variable: Any, value: Any) -> None:
        if not context.executing_eagerly():
            self.graphs.assigned(kind, variable, value)
            return
        info = self._pending.get(handle_id(variable) or -1)
        subject = self._pending_subject
        if info is None or subject is None:
            return
        if not self._counted:
            self._counted = True
            subject.applied_steps += 1
            self.session.steps_finished()
        subject.assigned.add(info.key)
        if self._pending_sampled:
            delta = added(kind, variable, value)
            if delta is not None:
                step = subject.gradient_steps - 1
                self.session.recorder.observe(Observation(step, "update", info.key, summarise(delta)))

    # Forward passes outside any tape, eager.

    def under_tape(self) -> bool:
        """Whether a training step's forward pass is going on."""
        return self._tape is not None or record.could_possibly_record()

    def sees_layers(self) -> bool:
        """Whether the outputs of layers are wanted now: a graph is traced, or ops are collected."""
        return (
            self._collector is not None or not context.executing_eagerly() or self.graphs.evaluation.collecting
        )

    def begin_evaluation(self) -> None:
        """A known variable is used outside any tape: see the ops of this forward pass, if it is time."""
        self.graphs.evaluation.begin_eager()

    def end_evaluation(self) -> None:
        """The forward pass outside any tape is over: another step begins."""
        self.graphs.evaluation.end_eager()

    def _finish(self) -> None:
        self.end_evaluation()
        self.graphs.reader.drain(final=True)
        for subject in self.subjects.all:
            self.variable_sites.update(subject) if subject.named else self.variable_sites.describe(subject, None)
            self.subjects.describe(subject)
