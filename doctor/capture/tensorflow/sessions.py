"""Graphs of tf.compat.v1 that a Session runs.

Where a run fetches a training op, doctor fetches the loss too, and on sampled steps the tensors
that there are of weights, gradients and activations; statistics are computed on the host. No op
is added: seeds of ops are counted along a graph, and a graph may be finalised.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable

import numpy as np
import tensorflow as tf
from tensorflow.python.client import session as client
from tensorflow.python.eager import context
from tensorflow.python.framework import ops as framework_ops
from tensorflow.python.training import optimizer as optimizers

from doctor.capture.patching import wrap
from doctor.capture.tensorflow.gradients import aligned
from doctor.capture.tensorflow.session_evaluation import EvaluationRuns
from doctor.capture.tensorflow.session_flags import Flags
from doctor.capture.tensorflow.session_plans import GraphNotes, Plan, Taken, notes_of, plan_of
from doctor.capture.tensorflow.session_training import Sample, TrainingRuns, Watched
from doctor.capture.tensorflow.session_walk import Feeds
from doctor.capture.tensorflow.stack import user_line

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


Run = Callable[..., Any]


class Sessions:
    """Watches the runs of sessions.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._training = TrainingRuns(watcher)
        self._evaluation = EvaluationRuns(watcher)
        self._flags = Flags(watcher)
        self._guarded = watcher.session.guarded("sessions")
        self._inside = False

    def install(self) -> None:
        """Put the seams in place: gradients, optimisers, and the runs of sessions."""
        guarded = self.session.guarded
        took, applied = guarded("gradients")(self._took), guarded("updates")(self._applied)
        made = guarded("optimisers")(lambda one: self.watcher.keras.optimizer_made(one, user_line(self.session)))

        def init(original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            made(optimizer)

        def compute(original: Any, optimizer: Any, loss: Any, *args: Any, **kwargs: Any) -> Any:
            pairs = original(optimizer, loss, *args, **kwargs)
            took([loss], [variable for _, variable in pairs], [gradient for gradient, _ in pairs])
            return pairs

        def apply(original: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(optimizer, *args, **kwargs)
            applied(optimizer, result)
            return result

        def gradients(original: Any, targets: Any, sources: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(targets, sources, *args, **kwargs)
            took(tf.nest.flatten(targets), tf.nest.flatten(sources), aligned(result, len(tf.nest.flatten(sources))))
            return result

        wrap(optimizers.Optimizer, "__init__", init)
        wrap(optimizers.Optimizer, "compute_gradients", compute)
        wrap(optimizers.Optimizer, "apply_gradients", apply)
        for owner in (tf, tf.compat.v1):
            wrap(owner, "gradients", gradients)
        wrap(client.BaseSession, "run", self._run)

    # While a graph is built.

    def _took(self, targets: list[Any], sources: list[Any], gradients: list[Any]) -> None:
        graph = framework_ops.get_default_graph() if not context.executing_eagerly() else None
        if graph is None or graph.building_function or not all(tf.is_tensor(one) for one in targets):
            return
        infos = [self.watcher.variables.of(source) for source in sources]
        known = [(info, gradient) for info, gradient in zip(infos, gradients) if info is not None]
        notes = notes_of(graph, make=bool(known))
        if known and notes is not None:
            pairs = [list(one) for one in zip(*known)]
            notes.taken.append(Taken(list(targets), pairs[0], pairs[1], user_line(self.session)))

    def _applied(self, optimizer: Any, result: Any) -> None:
        if context.executing_eagerly() or not hasattr(result, "name"):
            return
        notes = notes_of(result.graph)
        if notes is not None:
            notes.applied.append((result.name.split(":")[0] + "/", optimizer))

    # While it is run.

    def _run(
        self, original: Run, session: Any, fetches: Any, feed_dict: Any = None, *rest: Any, **named: Any
    ) -> Any:
        notes = None if self._inside or not self.session.active else notes_of(session.graph)
        if notes is None:
            return original(session, fetches, feed_dict, *rest, **named)
        self.session.check_stop()
        planned = self._guarded(self._plan)(notes, session, fetches, feed_dict)
        if planned is None:
            return original(session, fetches, feed_dict, *rest, **named)
        plan, feeds = planned

        def run(extra: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            self._inside = True
            try:
                result, fetched = original(session, [fetches, extra], feed_dict, *rest, **named)
            finally:
                self._inside = False
            return result, fetched

        if plan.training or self.watcher.trained:
            self._guarded(self._flags.note)(plan, feeds, "train" if plan.training else "eval")
        if not plan.training:
            self._guarded(self._training.wrote)(plan)
            extra = self._guarded(self._evaluation.wanted)(plan, feeds)
            if extra is None:
                return original(session, fetches, feed_dict, *rest, **named)
            result, fetched = run(extra)
            self._guarded(self._evaluation.record)(plan, fetched, feeds)
            return result
        watched = self._guarded(self._training.watch)(plan, feeds)
        if not watched:
            return original(session, fetches, feed_dict, *rest, **named)
        found: Any = self._guarded(self._training.wanted)(notes, plan, watched, feeds)
        extra, wanted = ({}, []) if found is None else found
        samples = [Sample(one, self._guarded(self._read)(original, session, one)) for one in wanted]
        result, fetched = run(extra)
        began = time.perf_counter()
        for sample in samples:
            sample.after = self._guarded(self._read)(original, session, sample.watched)
        self._guarded(self._training.record)(notes, plan, samples, fetched, feeds, began)
        return result

    def _plan(self, notes: GraphNotes, session: Any, fetches: Any, feed_dict: Any) -> tuple[Plan, Feeds] | None:
        """What a run does, and the values that are fed."""
        graph = session.graph
        elements = [graph.as_graph_element(one) for one in tf.nest.flatten(fetches)]
        feeds = {
            graph.as_graph_element(key, allow_operation=False)._id: np.asarray(value)
            for key, value in (feed_dict or {}).items()
        }
        tensors = [one for one in elements if hasattr(one, "op")]
        targets = [one for one in elements if not hasattr(one, "op")]
        plan = plan_of(notes, self.watcher.variables, graph, targets, tensors, feeds)
        return None if plan is None else (plan, feeds)

    def _read(self, original: Run, session: Any, one: Watched) -> list[np.ndarray]:
        """The weights, by ops that exist."""
        variables = [info.read() for info in one.training.taken.infos]
        elements = [getattr(one, "_snapshot", None) if hasattr(one, "_snapshot") else one._graph_element
                    for one in variables]  # fmt: skip
        self._inside = True
        try:
            return list(original(session, elements))
        finally:
            self._inside = False
