"""Watches training steps: the seam at `GradientTape`."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, Callable, Hashable

import numpy as np
from tensorflow.python.eager import backprop, context, record

from doctor.capture.hand_scores import HandScores
from doctor.capture.patching import wrap
from doctor.capture.schedule import NONFINITE_SAMPLES
from doctor.capture.session import Session
from doctor.capture.tensorflow import eager, replicas
from doctor.capture.tensorflow.answers import Answers
from doctor.capture.tensorflow.compiled import CompiledForwards
from doctor.capture.tensorflow.drawing import graph_of
from doctor.capture.tensorflow.gradients import aligned, loss_value, parts, unscaled
from doctor.capture.tensorflow.graphs import Graphs
from doctor.capture.tensorflow.keras_state import KerasState
from doctor.capture.tensorflow.layers import Layers
from doctor.capture.tensorflow.modes import Modes
from doctor.capture.tensorflow.nested import NestedCalls
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.samples import Forward, Samples
from doctor.capture.tensorflow.sites import SiteBook
from doctor.capture.tensorflow.subjects import Subject, Subjects
from doctor.capture.tensorflow.trace import Trace
from doctor.capture.tensorflow.updates import Updates
from doctor.capture.tensorflow.variable_sites import VariableSites
from doctor.capture.tensorflow.variables import VariableInfo, Variables, handle_id


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
        self.updates = Updates(self)
        self.modes = Modes(self)
        self.nested = NestedCalls()
        self.compiled = CompiledForwards(self)
        self.scores = HandScores(session, self._settle)
        self.answers = Answers(self)
        self._samples = Samples(self)
        self.last_inputs: list[Any] = []
        self.pipeline_used: Callable[[str], None] = lambda used_for: None
        self.trained = False
        self.updating = False
        self._tape: Any = None
        self._forward = Forward()
        self._expected: dict[Hashable, dict[int, Subject]] = {}
        self._jacobian = False
        self._drawn: set[int] = set()

    def install(self) -> None:
        """Put the seams in place."""
        self.variables.install()
        guarded = self.session.guarded
        enter = guarded("gradient tapes")(self._enter)
        leave = guarded("gradient tapes")(self._leave)
        took = guarded("gradients")(self._took)
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
            if self._jacobian:  # of a row, inside of `jacobian`
                return original(tape, target, sources, *args, **kwargs)
            if self._tape is tape:
                leave(tape)
            result = original(tape, target, sources, *args, **kwargs)
            took(tape, target, sources, result)
            return result

        def jacobian(original: Any, tape: Any, target: Any, sources: Any, *args: Any, **kwargs: Any) -> Any:
            if self._tape is tape:
                leave(tape)
            self._jacobian = True
            try:
                result = original(tape, target, sources, *args, **kwargs)
            finally:
                self._jacobian = False
            took(tape, target, sources, result, of_loss=False)
            return result

        wrap(backprop.GradientTape, "__enter__", tape_enter)
        wrap(backprop.GradientTape, "__exit__", tape_exit)
        wrap(backprop.GradientTape, "gradient", gradient)
        wrap(backprop.GradientTape, "jacobian", jacobian)
        self.updates.install()
        self.graphs.install()
        self.answers.install_functions()
        self.compiled.install()
        self.session.at_finish(self._finish)

    # The forward pass under a tape, eager.

    def _enter(self, tape: Any, frame: Any) -> None:
        # Autograph runs a copy of the code, whose file has another name each time.
        code, eagerly = frame.f_code, context.executing_eagerly()
        tape._doctor_opened = at = (code.co_filename if eagerly else code.co_name, frame.f_lineno)
        if not eagerly or self._tape is not None or replicas.aside() or not self._in_training_thread():
            return
        self.end_evaluation()
        self.layers.forget()
        self.keras.forward_begins()
        self._tape, self._forward = tape, Forward(at)
        known, now = self._expected.get(at), self.session.now()
        wanted = (
            self.session.overhead > 0
            if known is None
            else any(subject.step_wanted(now) for subject in known.values())
        )
        if wanted:
            self._forward.collector = eager.Collector(self.session)
            self._forward.collector.called = self.compiled.called
            self.compiled.arm()
            self._forward.collector.start()

    def _in_training_thread(self) -> bool:
        """Whether this is the thread that trains: the first one that opens a tape and takes a gradient."""
        if replicas.inside():
            return not replicas.aside()  # the thread that trains waits for it
        here = threading.get_ident()
        if here != self.session.thread and not self.trained:
            self.session.thread = here
        return here == self.session.thread

    def _leave(self, tape: Any) -> None:
        if self._forward.collector is not None and context.executing_eagerly():
            self._forward.collector.stop()
        if self._tape is tape and context.executing_eagerly():
            self._tape = None

    # The gradient.

    def _took(self, tape: Any, target: Any, sources: Any, result: Any, of_loss: bool = True) -> None:
        if replicas.aside():
            return
        number = replicas.count()
        if number > 1:
            self.session.not_captured("replicas", replicas.NOT_SEEN.format(number))
        flat = parts(sources)
        if any(handle_id(source) is None for source in flat):
            return  # a gradient with respect to inputs, as in a gradient penalty
        infos = [info for info in map(self.variables.of, flat) if info is not None]
        gradients = aligned(result, len(flat))
        if flat and not infos:
            return  # with an empty list of variables, which is a fault, the step still counts
        opened = getattr(tape, "_doctor_opened", None)
        if not context.executing_eagerly():
            self.graphs.took_gradient(target, infos, gradients, opened)
            return
        if not self._in_training_thread():
            self.session.not_captured("other threads", "training steps in threads other than the first are not seen")
            return
        if not of_loss:
            self.session.not_captured("jacobians", "what tape.jacobian returns is not recorded as a gradient")
        scaled = self.keras.scaled(target)
        first = [one for one in parts(target if scaled is None else scaled.loss) if one is not None]
        loss = number * loss_value(first)
        location = self.session.locator.here(1)

        def subject() -> Subject:
            return self.subjects.of(infos, location, "eager", self.keras.fit_facts(), opened)

        if self._tape is not None and tape is not self._tape:
            # Inside the forward pass of a step: mostly, a gradient of this gradient will follow.
            self.updates.inside(infos, lambda: self.updates.begin(subject(), infos, loss))
            return
        if scaled is not None:
            gradients = [unscaled(gradient, scaled.factor) for gradient in gradients]
        if number > 1:
            gradients = [unscaled(gradient, 1 / number) for gradient in gradients]
        self._took_eagerly(subject(), first, loss, infos, gradients, of_loss)

    def _took_eagerly(
        self,
        subject: Subject,
        targets: list[Any],
        loss: float,
        infos: list[VariableInfo],
        gradients: list[Any],
        of_loss: bool,
    ) -> None:
        start = time.perf_counter()
        forward = self._forward
        self._expected.setdefault(forward.at, {})[subject.number] = subject
        self.trained = True
        for info, gradient in zip(infos, gradients):
            subject.connected[info.key] = gradient is not None
        wanted = subject.step_wanted(self.session.now())
        step = self.updates.begin(subject, infos, loss)
        if not of_loss:
            gradients = [None] * len(infos)  # a jacobian has an axis more
        collector = forward.collector
        if collector is not None and collector.nodes and wanted:
            self._samples.take(subject, step.number, collector, targets, infos, gradients)
            step.sampled = True  # what updates its variables may be observed: they are described now
            subject.schedule.spent(step.number, time.perf_counter() - start + forward.cost())
        elif not np.isfinite(loss) and subject.nonfinite_samples < NONFINITE_SAMPLES:
            subject.nonfinite_samples += 1
            self._samples.take_late(subject, step.number, infos, gradients)
            step.sampled = True

    def draw_graph(self, subject: Subject, trace: Trace, network: Network) -> None:
        """Write the forward pass for the graph dashboard, once for each subject."""
        if subject.number not in self._drawn:
            self._drawn.add(subject.number)
            self.session.recorder.graph(graph_of(self.session, trace, network, subject))

    def note_batch(self, subject: Subject, collector: eager.Collector, network: Any) -> None:
        """Note the batch size, once."""
        fed = collector.tensors.get(network.inputs[0]) if network.inputs else None
        if subject.batch_size is None and fed is not None:  # what a compiled function makes itself is not at hand
            shape = tuple(fed.shape)
            if shape:
                subject.batch_size = shape[0]
                self.subjects.describe(subject)

    # Forward passes outside any tape, eager.

    def under_tape(self) -> bool:
        """Whether a training step's forward pass is going on."""
        return self._tape is not None or record.could_possibly_record()

    def under_eager_tape(self) -> bool:
        """Whether an eager training step's forward pass is going on."""
        return self._tape is not None

    def sees_layers(self) -> bool:
        """Whether the outputs of layers are wanted now: a graph is traced, or ops are collected."""
        return (
            self._forward.collecting or not context.executing_eagerly() or self.graphs.evaluation.collecting
        )

    def begin_evaluation(self) -> None:
        """A known variable is used outside any tape: see the ops of this forward pass, if it is time."""
        self.graphs.evaluation.begin_eager()

    def end_evaluation(self) -> None:
        """The forward pass outside any tape is over: another step begins."""
        self.graphs.evaluation.end_eager()

    def _settle(self) -> None:
        self.graphs.reader.drain()

    def _finish(self) -> None:
        self.end_evaluation()
        self.updates.finish()
        self.graphs.reader.drain(final=True)
        self.scores.finish()
        for subject in self.subjects.all:
            self.variable_sites.update(subject) if subject.named else self.variable_sites.describe(subject, None)
            self.subjects.describe(subject)
