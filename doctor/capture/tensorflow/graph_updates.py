"""Updates in graphs: which gradient an assignment applies, and what it changes."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

import tensorflow as tf
from tensorflow.python.framework import ops as framework_ops
from tensorflow.python.ops.control_flow_v2_func_graphs import CondBranchFuncGraph

from doctor.capture.tensorflow.buffers import own_ops, when
from doctor.capture.tensorflow.graph_reader import GraphReader
from doctor.capture.tensorflow.graph_state import OUTSIDE_SHARE, GraphState
from doctor.capture.tensorflow.graph_taps import TapSet, statistics_of
from doctor.capture.tensorflow.subjects import Step, Subject
from doctor.capture.tensorflow.twins import scope
from doctor.capture.tensorflow.updates import APART
from doctor.capture.tensorflow.variables import VariableInfo, handle_id
from doctor.capture.tensorflow.walk import outermost

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

_LEGACY = "what the update ops of tf.compat.v1 change is not seen in a graph"


@dataclass
class GradientRecord:
    """A gradient that was taken in a graph, until the graph is complete."""

    graph: Any
    subject: Subject
    state: GraphState
    step: tf.Tensor
    sampled: tf.Tensor
    infos: dict[int, VariableInfo]
    updates: list[tuple[str, Any, tf.Tensor]] = field(default_factory=list)
    applied_here: bool = False


class GraphUpdates:
    """Knows the gradients that were taken in graphs, and taps the assignments that apply them.

    Args:
        watcher: the hub of all hooks.
        reader: is told what to read.
    """

    def __init__(self, watcher: Watcher, reader: GraphReader) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self.reader = reader
        # Variables whose gradients are taken in a graph that does not update them.
        self._awaiting: dict[int, GradientRecord] = {}
        self._records: list[GradientRecord] = []

    @property
    def awaited(self) -> bool:
        """Whether an assignment may belong to a gradient that was taken in a graph."""
        return bool(self._records or self._awaiting)

    def took(self, gradient: GradientRecord) -> None:
        """A gradient was taken in the graph that is being traced."""
        self._records.append(gradient)

    def assigned(self, kind: str, variable: Any, value: Any) -> None:
        """A variable is assigned in a graph."""
        gradient, info = self._updates(handle_id(variable))
        graph = framework_ops.get_default_graph()
        if gradient is None or info is None or kind.startswith("scatter") or not self.session.overhead:
            return
        if not self.watcher.variable_sites.observed(gradient.subject, info):
            return
        if not _reaches(gradient.graph, graph):
            self.session.not_captured("changes by updates", APART)
            return
        with own_ops():
            delta = tf.convert_to_tensor(value, dtype=variable.dtype)
            key = self.watcher.variable_sites.key(gradient.subject, info)
            changes: dict[str, Callable[[], tf.Tensor]] = {
                "assign_sub": functools.partial(tf.negative, delta),
                "assign_add": functools.partial(tf.identity, delta),
                "assign": lambda: delta - variable.read_value(),
            }
            change = changes.get(kind)
            if change is None:
                return
            if kind == "assign" or gradient.graph is not graph:
                # The old value is gone when the graph ends; a branch is complete before that.
                self._tap_update(gradient, key, change)
            else:
                gradient.updates.append((key, change, delta))

    def assigned_handle(self, handle: Any) -> None:
        """An op of tf.compat.v1's optimisers updates a variable in a graph."""
        outer = outermost(handle)
        if self._updates(getattr(outer, "_id", None))[0] is not None:
            self.session.not_captured("changes by updates", _LEGACY)

    def assigned_outside(self, handle: int | None) -> tuple[VariableInfo, Step] | None:
        """A variable is assigned eagerly whose gradient was taken in a graph: the variable, and the step."""
        gradient = self._awaiting.get(handle or -1)
        if gradient is None:
            return None
        state, subject = gradient.state, gradient.subject
        info = gradient.infos[handle or -1]
        subject.assigned.add(info.key)
        subject.applies = True
        if state.counted_at != self.reader.calls or state.outside is None:
            self._count_updates(state, subject)
            number = state.log.done()
            sampled = state.outside_schedule.wants(number, self.session.now())
            if state.outside is None:
                subject.schedule.overhead *= 1 - OUTSIDE_SHARE  # one budget for both
            state.outside = Step(
                subject, number, sampled=sampled, written=True, applied=True, schedule=state.outside_schedule
            )
            state.log.advance()
            state.counted_at = self.reader.calls
        return info, state.outside

    def _updates(self, identity: int | None) -> tuple[GradientRecord | None, VariableInfo | None]:
        """The gradient that an assignment in the graph being traced applies, and the variable."""
        if identity is None:
            return None, None
        graph = framework_ops.get_default_graph()
        gradient = next((one for one in reversed(self._records) if identity in one.infos), None)
        gradient = gradient or self._awaiting.get(identity)
        if gradient is None:
            self.watcher.updates.applied_in_graph(identity)
            return None, None
        info, subject, log = gradient.infos[identity], gradient.subject, gradient.state.log
        subject.assigned.add(info.key)
        subject.applies = True
        if gradient.graph is graph:
            gradient.applied_here = True
        elif not gradient.applied_here and graph not in gradient.state.counted_in:
            # In a branch, or in another function: only there is it known that a step is done.
            gradient.state.counted_in.add(graph)
            with own_ops():
                log.advance()
            self._count_updates(gradient.state, subject)
        return gradient, info

    def _count_updates(self, state: GraphState, subject: Subject) -> None:
        """The updates of a subject were found: they are its steps, not the gradients."""
        if state.log.count_updates():
            state.restarted = True
            with tf.init_scope():
                for ring in self.reader.rings(subject):
                    ring.restart()

    def _tap_update(self, gradient: GradientRecord, key: str, change: Callable[[], tf.Tensor]) -> None:
        taps = TapSet([statistics_of("update", key, change)])
        self.tap(gradient.subject, taps, gradient.sampled, gradient.step, scope(gradient.state.number, "rest"))

    def tap(self, subject: Subject, taps: TapSet, sampled: tf.Tensor, step: tf.Tensor, within: str) -> None:
        """In a graph: measure on sampled steps, and have the host read it; `within` says which twins go without."""
        if not taps.measurements:
            return
        taps.build()
        with tf.name_scope(within):
            when(sampled, lambda: taps.write(step))
        self.reader.taps.append((subject, taps))

    def finish(self, graph: Any) -> bool:
        """A graph is complete: tap the updates of its gradients; whether it has any."""
        mine = [one for one in self._records if one.graph is graph]
        self._records = [one for one in self._records if one.graph is not graph]
        for gradient in mine:
            if not gradient.subject.applies:
                self._awaiting.update(dict.fromkeys(gradient.infos, gradient))
            if gradient.updates:
                taps = TapSet([statistics_of("update", *update) for update in gradient.updates])
                within = scope(gradient.state.number, "rest")
                with own_ops():
                    for part in taps.parts():
                        self.tap(gradient.subject, part, gradient.sampled, gradient.step, within)
        return bool(mine)


def _reaches(graph: Any, branch: Any) -> bool:
    """Whether tensors of a graph may be used in what is traced now: in itself, or in its branches at any depth."""
    while branch is not graph and isinstance(branch, CondBranchFuncGraph):
        branch = branch.outer_graph
    return branch is graph
