"""Graphs of tf.compat.v1 that a Session runs.

Where a run fetches a training op, doctor fetches the loss too, and on sampled steps the tensors
that there are of weights, gradients and activations; statistics are computed on the host. No op
is added: seeds of ops are counted along a graph, and a graph may be finalised.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import numpy as np
import tensorflow as tf
from tensorflow.python.client import session as client
from tensorflow.python.eager import context
from tensorflow.python.framework import ops as framework_ops
from tensorflow.python.training import optimizer as optimizers

from doctor.capture.patching import wrap
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.gradients import Values, aligned
from doctor.capture.tensorflow.network import Network, analyse
from doctor.capture.tensorflow.session_optimizers import Optimizers, clipping_between, rate_tensor
from doctor.capture.tensorflow.session_plans import GraphNotes, Plan, Taken, Training, dense, notes_of, plan_of
from doctor.capture.tensorflow.session_walk import SessionWalk, executed, is_harmless
from doctor.capture.tensorflow.stack import user_line
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import Taps
from doctor.types import Observation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


@dataclass(eq=False)
class Watched:
    """A gradient that a run computes, and what is fetched beside it.

    Attributes:
        losses: tensors that make the loss.
        tensors: key in the trace -> tensor to fetch on sampled steps.
    """

    training: Training
    subject: Subject
    walk: SessionWalk
    network: Network
    losses: list[Any]
    taps: Taps | None = None
    tensors: dict[Any, Any] | None = None
    shaped: bool = False


class Sessions:
    """Watches the runs of sessions.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._optimizers = Optimizers(watcher.session, watcher.keras)
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
        self, original: Callable[..., Any], session: Any, fetches: Any, feed_dict: Any = None, *rest: Any, **named: Any
    ) -> Any:
        notes = None if self._inside or not self.session.active else notes_of(session.graph)
        if notes is None:
            return original(session, fetches, feed_dict, *rest, **named)
        self.session.check_stop()
        prepared = self.session.guarded("sessions")(self._prepare)(notes, session, fetches, feed_dict)
        if not prepared:
            return original(session, fetches, feed_dict, *rest, **named)
        watched, feeds = prepared
        wanted: Any = self.session.guarded("sessions")(self._wanted)(notes, watched, feeds)
        extra, sampled = wanted if wanted is not None else ({}, [])
        read: Any = self.session.guarded("sessions")(self._read)
        weights = [read(original, session, one) for one in sampled]
        self._inside = True
        try:
            result, fetched = original(session, [fetches, extra], feed_dict, *rest, **named)
        finally:
            self._inside = False
        began = time.perf_counter()
        after = [read(original, session, one) for one in sampled]
        self.session.guarded("sessions")(self._record)(notes, watched, sampled, fetched, feeds, weights, after, began)
        return result

    def _prepare(
        self, notes: GraphNotes, session: Any, fetches: Any, feed_dict: Any
    ) -> tuple[list[Watched], dict[int, np.ndarray]] | None:
        """What to watch of a run, and the values fed by the id of their tensor; None where it does not train."""
        graph = session.graph
        elements = [graph.as_graph_element(one) for one in tf.nest.flatten(fetches)]
        feeds = {
            graph.as_graph_element(key, allow_operation=False)._id: np.asarray(value)
            for key, value in (feed_dict or {}).items()
        }
        tensors = [one for one in elements if hasattr(one, "op")]
        targets = [one for one in elements if not hasattr(one, "op")]
        plan = plan_of(notes, self.watcher.variables, graph, targets, tensors, feeds)
        if plan is None or not plan.training:
            if plan is not None and feeds:
                part, reason = "evaluation in sessions", "runs of a session without a training op are not watched"
                self.session.not_captured(part, reason)
            return None
        if plan.steps is None:
            plan.steps = [self._watch(plan, training, feeds) for training in plan.training]
        return plan.steps, feeds

    def _watch(self, plan: Plan, training: Training, feeds: dict[int, np.ndarray]) -> Watched:
        taken = training.taken
        walk = SessionWalk(self.session, self.watcher.variables, plan.graph, taken.targets, feeds)
        network = analyse(walk.trace, walk.target)
        data_losses = [walk.tensors.get(head.data_loss) for head in network.heads if head.data_loss is not None]
        losses = data_losses if len(network.heads) == 1 and data_losses else taken.targets
        subject = self.watcher.subjects.of(taken.infos, taken.location, "graph", {}, (id(plan.graph), id(taken)))
        return Watched(training, subject, walk, network, [one for one in losses if self._free(one, plan, feeds)])

    def _free(self, tensor: Any, plan: Plan, feeds: dict[int, np.ndarray]) -> bool:
        """Whether fetching a tensor changes nothing and costs no more than is run anyway."""
        return tensor is not None and (
            tensor.op in plan.operations or is_harmless(executed([tensor.op], feeds), plan.operations)
        )

    def _wanted(
        self, notes: GraphNotes, watched: list[Watched], feeds: dict[int, np.ndarray]
    ) -> tuple[dict[str, Any], list[Watched]]:
        """The tensors to fetch beside the script's own, by a name, and what is sampled."""
        extra: dict[str, Any] = {}
        sampled = [one for one in watched if one.subject.step_wanted(self.session.now())]
        for number, one in enumerate(watched):
            extra.update({f"loss:{number}:{index}": tensor for index, tensor in enumerate(one.losses)})
        for one in sampled:
            plan = next(plan for plan in notes.plans.values() if plan is not None and plan.steps is watched)
            if one.tensors is None:
                self._describe(one, plan, feeds)
            for key, tensor in (one.tensors or {}).items():
                extra[f"{one.subject.number}:{key}"] = tensor
            for info, gradient in zip(one.training.taken.infos, one.training.taken.gradients):
                if gradient is not None and dense(gradient).op in plan.operations:
                    extra[f"{one.subject.number}:gradient:{info.key}"] = dense(gradient)
            rate = rate_tensor(self._optimizer(notes, one))
            if rate is not None and rate.op in plan.operations and rate._id not in feeds:
                extra[f"{one.subject.number}:rate"] = rate
        return extra, sampled

    def _describe(self, one: Watched, plan: Plan, feeds: dict[int, np.ndarray]) -> None:
        shapes = {
            key: feeds[tensor._id].shape for key, tensor in one.walk.tensors.items() if tensor._id in feeds
        }
        sites = self.watcher.sites
        one.taps = sites.describe(one.subject, one.walk.trace, one.network, one.walk.look_at(shapes), "train", {})
        taps = one.taps
        keys = {tap.tensor for tap in (*taps.tensors, *taps.columns, *taps.images)}
        keys |= {key for pair in taps.counts for key in (pair.output, pair.label)}
        keys |= {key for rows in taps.rows for key in (*rows.inputs, *rows.labels)}
        found = {key: one.walk.tensors.get(key) for key in keys}
        one.tensors = {
            key: tensor
            for key, tensor in found.items()
            if tensor is not None and tensor._id not in feeds and self._free(tensor, plan, feeds)
        }
        self.watcher.draw_graph(one.subject, one.walk.trace, one.network)
        if one.network.inputs:
            shape = shapes.get(one.network.inputs[0])
            one.subject.batch_size = shape[0] if shape else None
        self.watcher.pipeline_used("train")

    def _read(self, original: Any, session: Any, one: Watched) -> list[np.ndarray]:
        """The weights, by ops that exist."""
        variables = [info.read() for info in one.training.taken.infos]
        elements = [getattr(one, "_snapshot", None) if hasattr(one, "_snapshot") else one._graph_element
                    for one in variables]  # fmt: skip
        self._inside = True
        try:
            return list(original(session, elements))
        finally:
            self._inside = False

    def _optimizer(self, notes: GraphNotes, one: Watched) -> Any:
        return next((found for writer in one.training.writers if (found := notes.optimizer_of(writer))), None)

    def _record(
        self,
        notes: GraphNotes,
        watched: list[Watched],
        sampled: list[Watched],
        fetched: dict[str, Any],
        feeds: dict[int, np.ndarray],
        weights: list[list[np.ndarray] | None],
        after: list[list[np.ndarray] | None],
        began: float,
    ) -> None:
        self.watcher.trained = True
        for number, one in enumerate(watched):
            subject, taken = one.subject, one.training.taken
            values = [fetched[f"loss:{number}:{index}"] for index in range(len(one.losses))]
            loss = float(sum(np.mean(np.asarray(value, np.float64)) for value in values))
            subject.connected.update((info.key, info.handle in taken.connected()) for info in taken.infos)
            step = self.watcher.updates.begin(subject, [], loss)
            if one in sampled:
                step.sampled = True
                index = sampled.index(one)
                self._observe(notes, one, step.number, fetched, feeds, weights[index], after[index])
                subject.schedule.spent(step.number, time.perf_counter() - began)
            if one.training.updated:
                subject.assigned.update(info.key for info in one.training.updated)
                self.watcher.updates.applied(step)

    def _observe(
        self,
        notes: GraphNotes,
        one: Watched,
        step: int,
        fetched: dict[str, Any],
        feeds: dict[int, np.ndarray],
        weights: list[np.ndarray] | None,
        after: list[np.ndarray] | None,
    ) -> None:
        subject, observe = one.subject, self.session.recorder.observe
        collected = eager.Collector(self.session)
        for key, tensor in one.walk.tensors.items():
            value = feeds.get(tensor._id, fetched.get(f"{subject.number}:{key}"))
            if value is not None:
                collected.tensors[key] = Values(np.asarray(value))
        if one.taps is not None and not one.shaped:
            # What the graph leaves open, such as the number of classes, the values tell.
            one.shaped = True
            shapes = {key: value.numpy().shape for key, value in collected.tensors.items()}
            look = one.walk.look_at(shapes)
            one.taps = self.watcher.sites.describe(subject, one.walk.trace, one.network, look, "train", {})
        if one.taps is not None:
            eager.observe(self.session, collected, one.taps, step)
        for number, info in enumerate(one.training.taken.infos):
            key = self.watcher.variable_sites.key(subject, info)
            gradient = fetched.get(f"{subject.number}:gradient:{info.key}")
            if gradient is not None:
                observe(Observation(step, "gradient", key, summarise(np.asarray(gradient))))
            if weights is not None and after is not None:
                before = np.asarray(weights[number])
                observe(Observation(step, "weight", key, summarise(before)))
                if one.training.updated:
                    observe(Observation(step, "update", key, summarise(np.asarray(after[number]) - before)))
        optimizer = self._optimizer(notes, one)
        if optimizer is not None:
            plan = next(plan for plan in notes.plans.values() if plan is not None and plan.steps and one in plan.steps)
            clipping = clipping_between(one.training.taken.tensors(), one.training.writers, plan.operations)
            self._optimizers.observe(subject, step, optimizer, clipping, fetched.get(f"{subject.number}:rate"))
