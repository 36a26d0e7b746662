"""Forward passes outside any tape: validation, `evaluate`, `predict`, hand-written test loops."""

from __future__ import annotations

import dataclasses
import threading
import time
import weakref
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context, record
from tensorflow.python.ops import resource_variable_ops
from tensorflow.python.ops.control_flow_v2_func_graphs import WhileBodyFuncGraph

from doctor.capture.following import Labels
from doctor.capture.patching import wrap
from doctor.capture.tensorflow import eager, ops
from doctor.capture.tensorflow.buffers import hidden_variable, own_ops, when
from doctor.capture.tensorflow.graph_taps import TapSet, measurements_of
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import Network, analyse
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.trace import Trace
from doctor.capture.tensorflow.walk import GraphWalk
from doctor.types import VectorObservation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

_VARIABLE = resource_variable_ops.BaseResourceVariable

#: Forward passes that are observed of one evaluation.
PASSES = 2
#: Ops that are watched of one eager forward pass and of what follows it.
MAX_OPS = 2000


@dataclass
class EvaluationGraph:
    """A traced forward pass without a gradient.

    Attributes:
        handles: ids of the handles of the variables it uses.
        armed: variable: how many of the next executions are observed.
        taps: made when a subject is known.
    """

    handles: set[int]
    armed: Any
    taps: TapSet
    armed_at: int = -1


class Evaluation:
    """Sees forward passes outside tapes, on a schedule of their own.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.graphs: list[EvaluationGraph] = []
        # Those in which answers meet labels.
        self._judged: weakref.WeakSet[Any] = weakref.WeakSet()
        self._collector: eager.Collector | None = None
        self._began_with: Any = None
        self._expected: tuple[tuple[Any, ...], Labels] | None = None
        self._expect = self.session.guarded("scores")(self._expected_labels)
        self._answered = self.session.guarded("scores")(self._answer_came)
        self._spent = 0.0
        self._passes = 0
        self._at_step = -1
        self._of_fitted = False

    def fitted_data(self, evaluated: bool) -> None:
        """What is evaluated from here on is what the model was fitted to, or no longer is.

        Its predictions are kept under names of their own: how good they are says nothing of other data.
        Whatever was observed before has been drained.
        """
        self._of_fitted = evaluated
        for graph in self.graphs:
            graph.armed.assign(PASSES, read_value=False)

    def install(self) -> None:
        """See bare variables used in a product or a convolution outside any tape."""
        begin = self.session.guarded("evaluation")(self.begin_eager)

        def weighted(original: Any, *args: Any, **kwargs: Any) -> Any:
            if self.watcher.trained and context.executing_eagerly():
                operands = args[:2] if len(args) >= 2 else (*args, *kwargs.values())
                for one in operands:
                    if isinstance(one, _VARIABLE) and one.trainable:
                        begin(one)
            return original(*args, **kwargs)

        for owner, name in (
            (tf, "tensordot"),
            (tf, "einsum"),
            (tf.nn, "conv1d"),
            (tf.nn, "conv2d"),
            (tf.nn, "conv3d"),
            (tf.nn, "embedding_lookup"),
        ):
            wrap(owner, name, weighted)

        def value(original: Any, variable: Any) -> Any:
            # A product converts the variable to a tensor first, which passes here.
            watcher = self.watcher
            if watcher.trained and not watcher.under_tape() and variable.trainable and len(variable.shape) >= 2:
                begin(variable)
            return original(variable)

        for owner in (resource_variable_ops.BaseResourceVariable, resource_variable_ops.ResourceVariable):
            if "value" in vars(owner):
                wrap(owner, "value", value)

    @property
    def collecting(self) -> bool:
        """Whether the ops of an eager forward pass are being seen."""
        return self._collector is not None

    def admits(self) -> bool:
        """Whether another pass of this evaluation may be observed; counts it where it may."""
        if self.session.overhead <= 0:
            return False
        if self.session.steps_done != self._at_step:
            self._at_step, self._passes = self.session.steps_done, 0
        # Half a second to start with, so that a test at the end of a short run is seen.
        allowed = 0.5 + self.session.overhead * self.session.now()
        if self._passes >= PASSES or self._spent > allowed:
            return False
        self._passes += 1
        return True

    def spend(self, seconds: float) -> None:
        """Add to what evaluation has cost."""
        self._spent += seconds

    # Eager.

    def begin_eager(self, first: Any = None) -> None:
        """A known variable, or a model, is used outside any tape."""
        watcher = self.watcher
        if (
            not watcher.trained
            or watcher.under_tape()
            or watcher.updating
            or self._of_fitted
            or not context.executing_eagerly()
            or threading.get_ident() != self.session.thread
        ):
            return
        if self._collector is not None:
            if first is not self._began_with:
                return
            self.end_eager()  # the first weights again: the next forward pass has begun
        if not self.admits():
            return
        self._began_with = first
        # Models of Keras hand out their answers themselves, see `answers`.
        self._expected = None if first is None else self._expect(self.session.locator.frame(1))
        self._collector = eager.Collector(self.session, MAX_OPS)
        self._collector.start()

    def end_eager(self) -> None:
        """The forward pass is over: a step begins, another pass begins, or the script ends."""
        collector, self._collector = self._collector, None
        if collector is None:
            return
        start = time.perf_counter()
        collector.stop()
        if collector.nodes:
            trace = collector.trace(self.watcher.variables)
            handles = {key for key in trace.variables if key in trace.consumers}
            look = collector.look(self.watcher.layers)
            network = analyse(trace, None)
            taps, step = self._describe(handles, trace, network, look)
            if taps is not None:
                eager.observe(self.session, collector, taps, step)
                self._answered(collector, network)
        self._expected = None
        self.spend(collector.seconds + time.perf_counter() - start)

    def _expected_labels(self, frame: FrameType | None) -> tuple[tuple[Any, ...], Labels] | None:
        """The labels that an answer will be compared with which the script begins to compute by itself."""
        scores = self.watcher.scores
        return scores.expected(frame) if frame is not None and scores.admits(frame) else None

    def _answer_came(self, collector: eager.Collector, network: Network) -> None:
        """The script computed an answer by itself: tell what it is, where labels are expected for it."""
        if self._expected is not None:
            answer = eager.array_of(collector.tensors.get(network.output))
            inputs = eager.array_of(collector.tensors.get(network.inputs[0]))
            if answer is not None and answer.ndim:
                self.watcher.scores.came(*self._expected, answer, inputs)

    def _describe(
        self, handles: set[Any], trace: Trace, network: Network, look: Look
    ) -> tuple[Taps | None, int]:
        subject = self.watcher.subjects.that_uses(handles)
        if subject is None or network.output is None or not network.inputs:
            return None, 0
        # What an evaluation shows is its inputs, output and labels; the activations are
        # those of training.
        network.activations = []
        self.watcher.pipeline_used("eval")
        taps = self.watcher.sites.describe(subject, trace, network, look, "eval", {})
        return taps, subject.gradient_steps

    # In graphs.

    def graph_done(self, graph: Any) -> None:
        """A graph without a gradient is complete: tap it where it is a forward pass."""
        nested = getattr(getattr(graph, "outer_graph", None), "building_function", False)
        if self.watcher.under_eager_tape() or not self.watcher.trained or nested:
            self.watcher.compiled.graph_done(graph, nested)
        if self.session.overhead <= 0 or record.could_possibly_record():
            return
        kinds = {operation.type for operation in graph.get_operations()}
        calls = self.watcher.nested.within(graph)
        if not kinds & ops.WEIGHTED and not calls:
            return
        if any(inner.walk.graph in self._judged for inner in calls.values()):
            return  # `test_step` within what Keras makes of it
        if isinstance(graph, WhileBodyFuncGraph) and "TensorListGetItem" in kinds:
            return  # one moment of a recurrence: its input is a state, and nothing that was fed
        walk = GraphWalk(self.session, self.watcher.variables, graph, None, calls)
        handles = walk.variable_handles(self.watcher.variables)
        if not handles:
            return
        network = analyse(walk.trace, None)
        if network.output is None or not network.inputs:
            return
        self.watcher.answers.traced_forward(graph)
        network.activations = []
        look = walk.look(self.watcher.layers)
        subject = self.watcher.subjects.that_uses(handles)
        if subject is None:
            return  # a forward pass before any training
        self.watcher.pipeline_used("eval")
        taps = self.watcher.sites.describe(subject, walk.trace, network, look, "eval", {})
        tap_set = TapSet(measurements_of(taps.outside(walk.inside), walk.tensors))
        with own_ops():
            tap_set.build()
            armed = hidden_variable(np.int64(PASSES), tf.int64)
            step = hidden_variable(np.int64(0), tf.int64)

            def observe() -> None:
                tap_set.write(step.read_value())
                armed.assign_sub(1, read_value=False)

            when(armed.read_value() > 0, observe)
        if network.heads:
            self._judged.add(graph)
        self.graphs.append(EvaluationGraph(handles, armed, tap_set))

    def drain(self, final: bool) -> None:
        """Move what evaluation graphs left to the recording, and arm them for the next time."""
        for graph in self.graphs:
            subject = self.watcher.subjects.that_uses(graph.handles)
            for _, observations in graph.taps.read():
                for observation in observations:
                    changes: dict[str, Any] = {"step": subject.gradient_steps if subject else 0}
                    if self._of_fitted and isinstance(observation, VectorObservation):
                        changes["name"] = f"fitted_{observation.name}"
                    self.session.recorder.observe(dataclasses.replace(observation, **changes))
            done = self.session.steps_done
            if not final and done >= max(graph.armed_at + 50, int(1.5 * graph.armed_at)):
                graph.armed_at = done
                graph.armed.assign(PASSES, read_value=False)
