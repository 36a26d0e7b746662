"""Training steps inside a tf.function: taps are built into the graph while it is traced."""

from __future__ import annotations

import functools
import time
import weakref
from typing import TYPE_CHECKING, Any, Hashable

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.eager.polymorphic_function import concrete_function, polymorphic_function
from tensorflow.python.framework import auto_control_deps, ops as framework_ops

from doctor.capture.patching import wrap
from doctor.capture.tensorflow import replicas
from doctor.capture.tensorflow.buffers import own_ops
from doctor.capture.tensorflow.evaluation import Evaluation
from doctor.capture.tensorflow.graph_reader import GraphReader
from doctor.capture.tensorflow.graph_taps import (
    TapSet, data_measurements, network_measurements, scalar_of, split, statistics_of,
)  # fmt: skip
from doctor.capture.tensorflow.graph_updates import GradientRecord, GraphUpdates
from doctor.capture.tensorflow.keras_state import Scaled
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.stack import user_line
from doctor.capture.tensorflow.summands import with_penalties
from doctor.capture.tensorflow.twins import Twins, scope
from doctor.capture.tensorflow.variables import VariableInfo
from doctor.capture.tensorflow.walk import GraphWalk

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


class Graphs:
    """Builds taps into graphs and reads what they left.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.evaluation = Evaluation(watcher)
        self._depth = 0
        # The function that is being called, and those that were seen to train.
        self._called: Any = None
        self._training: weakref.WeakSet[Any] = weakref.WeakSet()
        self.reader = GraphReader(watcher, self.evaluation.drain)
        self.updates = GraphUpdates(watcher, self.reader)
        self._twins = Twins(self.session, self.reader.wants, self.reader.without_twin)

    def install(self) -> None:
        """Put the seams in place: the end of tracing a graph, and the end of calling one."""
        finish = self.session.guarded("graphs")(self._finish_graph)
        after = self.session.guarded("reading graphs")(self.reader.after_call)
        over = self.session.guarded("evaluation")(self.evaluation.end_eager)

        def leave(original: Any, manager: Any, kind: Any, *rest: Any) -> Any:
            if kind is None and not context.executing_eagerly():
                finish(framework_ops.get_default_graph())
            return original(manager, kind, *rest)

        def call(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            if self._depth or not context.executing_eagerly():
                return original(function, *args, **kwargs)
            self._depth += 1
            self._called = function
            if self.evaluation.collecting and function in self._training:
                over()  # a step of the training is no part of what is evaluated
            start = self.reader.call_began = time.perf_counter()
            try:
                return original(function, *args, **kwargs)
            finally:
                self._depth -= 1
                self._called = None
                self.reader.call_began = 0.0
                if self.reader.states or self.evaluation.graphs:
                    after(time.perf_counter() - start)
                    self.session.check_stop()

        wrap(auto_control_deps.AutomaticControlDependencies, "__exit__", leave)
        wrap(polymorphic_function.Function, "__call__", call)
        wrap(concrete_function.ConcreteFunction, "__call__", call)
        self.evaluation.install()
        self._twins.install()

    # While a graph is traced.

    def trains(self) -> bool:
        """Whether the function that is being called is known to take gradients: all in it is part of the training."""
        return self._called is not None and self._called in self._training

    def took_gradient(
        self, target: Any, infos: list[VariableInfo], gradients: list[Any], opened: Hashable
    ) -> None:
        """A gradient was taken in a graph: tap its forward pass, weights and gradients."""
        watcher = self.watcher
        graph = framework_ops.get_default_graph()
        scaled = watcher.keras.scaled(target)
        unscaled = target if scaled is None else scaled.loss
        targets = [one for one in tf.nest.flatten(unscaled) if tf.is_tensor(one)]
        if not targets:
            return
        walk = GraphWalk(self.session, watcher.variables, graph, targets, watcher.nested.within(graph))
        location = user_line(self.session)
        subject = watcher.subjects.of(infos, location, "graph", watcher.keras.fit_facts(), opened)
        watcher.trained = True
        if self._called is not None:
            self._training.add(self._called)
        state = self.reader.state_of(subject)
        for info, gradient in zip(infos, gradients):
            subject.connected[info.key] = gradient is not None

        watcher.pipeline_used("train")
        network = analyse(walk.trace, walk.target)
        taps = watcher.sites.describe(
            subject, walk.trace, network, walk.look(watcher.layers), "train", watcher.keras.loss_facts()
        )
        watcher.nested.observe(subject, taps, walk.inside)
        taps = taps.outside(walk.inside)
        watcher.draw_graph(subject, walk.trace, network)
        losses = [head.data_loss for head in network.heads]
        data_loss = walk.tensors.get(losses[0]) if len(losses) == 1 and losses[0] is not None else None
        factor = replicas.factor(walk.trace, walk.target if data_loss is None else losses[0], replicas.count())
        with own_ops():
            loss = tf.cast(data_loss, tf.float32) if data_loss is not None else _total(targets)
            loss = loss if factor == 1 else factor * loss
            step, nonfinite_left, counts = state.log.begin()
            dense, stride = tf.unstack(state.chosen.read_value())
            broken = tf.logical_not(tf.math.is_finite(loss)) & (nonfinite_left > 0)
            state.log.write(step, loss, broken, counts)
            sampled = (step < dense) | tf.equal(tf.math.floormod(step, stride), stride - 1) | broken
            # Counts cost next to nothing; of statistics those of what lives through the step anyway cost nothing while
            # it is not sampled.
            data, made = (split(find(taps, walk.tensors)) for find in (data_measurements, network_measurements))
            counted, kept, passing = TapSet([*data[0], *made[0]]), TapSet(data[1]), TapSet(made[1])
            whole = with_penalties(walk.trace, losses[0], walk.target) if data_loss is not None else None
            if whole in walk.tensors:
                total = walk.tensors[whole] if factor == 1 else factor * walk.tensors[whole]
                counted.measurements.append(scalar_of("total_loss", subject.key, total))
            for info, gradient in zip(infos, gradients):
                variable = info.read()
                if variable is None or not variable.dtype.is_floating:
                    continue
                if not watcher.variable_sites.observed(subject, info):
                    continue
                # Captured by its handle and read inside the branch: its value would be
                # copied at every step otherwise.
                key = watcher.variable_sites.key(subject, info)
                kept.measurements.append(statistics_of("weight", key, variable.read_value))
                dense_gradient = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
                if dense_gradient is not None:
                    slope = functools.partial(_plain, dense_gradient, scaled, factor)
                    passing.measurements.append(statistics_of("gradient", key, slope, dense_gradient))

            if self.session.overhead > 0:
                (counted if counted.measurements else kept).forward = True
                self.updates.tap(subject, counted, sampled, step, scope(state.number, "always"))
                self.updates.tap(subject, kept, sampled, step, scope(state.number, "kept"))
                for number, part in enumerate(passing.parts()):
                    self.updates.tap(subject, part, sampled, step, scope(state.number, "rest" if number else "step"))
        self.updates.took(
            GradientRecord(graph, subject, state, step, sampled, {info.handle: info for info in infos})
        )

    def _finish_graph(self, graph: Any) -> None:
        """A graph is complete: tap the updates of its gradients, or its evaluation."""
        if self.updates.finish(graph):
            self.watcher.layers.forget()
            self.watcher.keras.forward_begins()
        else:
            self.evaluation.graph_done(graph)
        _deferred_last(graph)


def _deferred_last(graph: Any) -> None:
    """Values that a graph is given at each call follow what it captured, also what it captured just now."""
    deferred = tf.nest.flatten(getattr(graph, "deferred_internal_captures", []), expand_composites=True)
    if deferred:
        apart = {id(one) for one in deferred}
        graph.inputs = [one for one in graph.inputs if id(one) not in apart] + deferred


def _plain(gradient: tf.Tensor, scaled: Scaled | None, factor: int) -> tf.Tensor:
    """A gradient as it is without the scaling of mixed precision and of replicas."""
    if factor != 1:
        gradient *= factor
    if scaled is None or not scaled.optimizer.built:
        return tf.identity(gradient)
    return gradient / tf.cast(tf.convert_to_tensor(scaled.optimizer.dynamic_scale), gradient.dtype)


def _total(targets: list[Any]) -> tf.Tensor:
    """The loss: the mean where it is a vector, the sum over several targets."""
    return tf.add_n([tf.reduce_mean(tf.cast(target, tf.float32)) for target in targets])
