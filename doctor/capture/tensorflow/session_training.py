"""Runs of a session that train: what is fetched beside the script's own, and what is recorded of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from doctor.capture.statistics import summarise
from doctor.capture.tensorflow.session_optimizers import Optimizers, clipping_between, rate_tensor
from doctor.capture.tensorflow.session_plans import GraphNotes, Plan, Training, dense
from doctor.capture.tensorflow.session_values import ForwardPass
from doctor.capture.tensorflow.session_walk import Feeds, is_free
from doctor.capture.tensorflow.subjects import MAX_RESTARTS, Subject
from doctor.types import Observation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


@dataclass(eq=False)
class Watched:
    """A gradient that a run computes, and what is fetched beside it.

    Attributes:
        losses: tensors that make the loss.
    """

    training: Training
    subject: Subject
    forward: ForwardPass
    losses: list[Any]


@dataclass
class Sample:
    """A step that is sampled: values of its variables before and after it, where they could be read."""

    watched: Watched
    before: list[np.ndarray] | None
    after: list[np.ndarray] | None = None


class TrainingRuns:
    """Observes runs that fetch a training op.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._optimizers = Optimizers(watcher.session, watcher.keras)

    def watch(self, plan: Plan, feeds: Feeds) -> list[Watched]:
        """What there is to observe of a run; found when it comes first.

        Args:
            plan: of the run.
            feeds: id of a fed tensor -> its value.
        """
        if plan.steps is None:
            plan.steps = [self._watch(plan, training, feeds) for training in plan.training]
        return plan.steps

    def _watch(self, plan: Plan, training: Training, feeds: Feeds) -> Watched:
        taken = training.taken
        forward = ForwardPass(self.watcher, plan, taken.targets, feeds, "train")
        heads = forward.network.heads
        data_losses = [forward.walk.tensors.get(head.data_loss) for head in heads if head.data_loss is not None]
        losses = data_losses if len(heads) == 1 and data_losses else taken.targets
        subject = self.watcher.subjects.of(taken.infos, taken.location, "graph", {}, (id(plan.graph), id(taken)))
        return Watched(training, subject, forward, [one for one in losses if is_free(one, plan.operations, feeds)])

    def wanted(
        self, notes: GraphNotes, plan: Plan, watched: list[Watched], feeds: Feeds
    ) -> tuple[dict[str, Any], list[Watched]]:
        """The tensors to fetch beside the script's own, by a name, and what is sampled."""
        extra: dict[str, Any] = {}
        sampled = [one for one in watched if one.subject.step_wanted(self.session.now())]
        for number, one in enumerate(watched):
            extra.update({f"loss:{number}:{index}": tensor for index, tensor in enumerate(one.losses)})
        for one in sampled:
            forward = one.forward
            if not forward.described:
                forward.describe(one.subject, feeds)
                one.subject.batch_size = forward.batch_size(feeds)
                self.watcher.draw_graph(one.subject, forward.walk.trace, forward.network)
                self.watcher.pipeline_used("train")
            for key, tensor in forward.tensors.items():
                extra[f"{one.subject.number}:{key}"] = tensor
            for info, gradient in zip(one.training.taken.infos, one.training.taken.gradients):
                if gradient is not None and dense(gradient).op in plan.operations:
                    extra[f"{one.subject.number}:gradient:{info.key}"] = dense(gradient)
            rate = rate_tensor(self._optimizer(notes, one))
            if rate is not None and rate.op in plan.operations and rate._id not in feeds:
                extra[f"{one.subject.number}:rate"] = rate
        return extra, sampled

    def wrote(self, plan: Plan) -> None:
        """A run without training was done: it may have initialised or restored what trains."""
        if not plan.written:
            return
        for subject in self.watcher.subjects.all:
            done, known = subject.gradient_steps, subject.restarts
            if not done or len(known) >= MAX_RESTARTS or (known and known[-1][0] == done):
                continue
            if plan.written.issuperset(info.handle for info in subject.sources):
                known.append((done, self.session.locator.here(1)))

    def _optimizer(self, notes: GraphNotes, one: Watched) -> Any:
        return next((found for writer in one.training.writers if (found := notes.optimizer_of(writer))), None)

    def record(
        self,
        notes: GraphNotes,
        plan: Plan,
        sampled: list[Sample],
        fetched: dict[str, Any],
        feeds: Feeds,
        began: float,
    ) -> None:
        """Record the loss of a step and, where it was sampled, the rest of it.

        Args:
            notes: on the graph.
            plan: of the run.
            sampled: what is sampled of the run, with its weights before and after.
            fetched: values of what `wanted` named.
            feeds: id of a fed tensor -> its value.
            began: when doctor's own work began, of `time.perf_counter`.
        """
        self.watcher.trained = True
        for number, one in enumerate(plan.steps or ()):
            subject, taken = one.subject, one.training.taken
            values = [fetched[f"loss:{number}:{index}"] for index in range(len(one.losses))]
            loss = float(sum(np.mean(np.asarray(value, np.float64)) for value in values))
            subject.connected.update((info.key, info.handle in taken.connected()) for info in taken.infos)
            step = self.watcher.updates.begin(subject, [], loss)
            sample = next((sample for sample in sampled if sample.watched is one), None)
            if sample is not None:
                step.sampled = True
                self._observe(notes, plan, sample, step.number, fetched, feeds)
                subject.schedule.spent(step.number, time.perf_counter() - began)
            if one.training.updated:
                subject.assigned.update(info.key for info in one.training.updated)
                self.watcher.updates.applied(step)

    def _observe(
        self, notes: GraphNotes, plan: Plan, sample: Sample, step: int, fetched: dict[str, Any], feeds: Feeds
    ) -> None:
        one = sample.watched
        subject, observe = one.subject, self.session.recorder.observe
        prefix = f"{subject.number}:"
        named = {name[len(prefix) :]: value for name, value in fetched.items() if name.startswith(prefix)}
        one.forward.observe(subject, step, named, feeds)
        for number, info in enumerate(one.training.taken.infos):
            key = self.watcher.variable_sites.key(subject, info)
            gradient = fetched.get(f"{subject.number}:gradient:{info.key}")
            if gradient is not None:
                observe(Observation(step, "gradient", key, summarise(np.asarray(gradient))))
            if sample.before is not None and sample.after is not None:
                before = np.asarray(sample.before[number])
                observe(Observation(step, "weight", key, summarise(before)))
                if one.training.updated:
                    observe(Observation(step, "update", key, summarise(np.asarray(sample.after[number]) - before)))
        optimizer = self._optimizer(notes, one)
        if optimizer is not None:
            clipping = clipping_between(one.training.taken.tensors(), one.training.writers, plan.operations)
            self._optimizers.observe(subject, step, optimizer, clipping, fetched.get(f"{subject.number}:rate"))
