"""Steps of eager code: which assignment belongs to which gradient, and when a step is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable

from tensorflow.python.eager import context
from tensorflow.python.ops import gen_training_ops, resource_variable_ops

from doctor.capture.patching import wrap
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.gradients import added
from doctor.capture.tensorflow.subjects import MAX_ACCUMULATED, Step, Subject
from doctor.capture.tensorflow.variables import VariableInfo, handle_id
from doctor.types import Observation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

APART = "gradients and updates are in different functions: what an update changes is not seen"


class Updates:
    """Counts the steps of eager code, and records what they change.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._pending: dict[int, tuple[VariableInfo, Step | _Deferred]] = {}
        self._assigning = False

    def install(self) -> None:
        """Put the seams in place: the assignments of variables, and the update ops of tf.compat.v1."""
        assigned = self.session.guarded("updates")(self._assigned)
        given = self.session.guarded("updates")(self._given)

        def assignment(kind: str) -> Any:
            def assign(original: Any, variable: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
                if not self.watcher.trained:
                    given(variable)
                # A subclass may hand the assignment on to its base: it is counted once.
                if self._assigning or not (self._pending or self.watcher.graphs.updates.awaited):
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

        before = self.session.guarded("updates")(self._before_op)
        after = self.session.guarded("updates")(self._after_op)

        def update(original: Any, *args: Any, **kwargs: Any) -> Any:
            handle = args[0] if args else kwargs.get("var")
            old = before(handle)
            result = original(*args, **kwargs)
            after(handle, old)
            return result

        for name in dir(gen_training_ops):
            if name.startswith(("resource_apply_", "resource_sparse_apply_")) and not name.endswith("_fallback"):
                wrap(gen_training_ops, name, update)

    # Gradients.

    def begin(self, subject: Subject, infos: list[VariableInfo], loss: float) -> Step:
        """A gradient was taken: of a new step, or a further one of the step that waits for its update."""
        subject.gradient_calls += 1
        step = subject.open
        if step is not None and not step.written and len(step.losses) >= MAX_ACCUMULATED[subject.applied_steps > 0]:
            self._one_by_one(step)
            subject.counts_calls = True
        if step is None or step.written:
            step = subject.open = Step(subject, subject.gradient_steps)
        step.losses.append(loss)
        for info in infos:
            self._pending[info.handle] = (info, step)
        if subject.applies:
            self.applied(step)  # by a compiled function, of which only the tracing is seen
        elif subject.counts_calls:
            self._write(step)
        return step

    def inside(self, infos: list[VariableInfo], begin: Callable[[], Step]) -> None:
        """A gradient was taken within the forward pass of a step: a step of its own only if it is applied."""
        deferred = _Deferred(begin)
        for info in infos:
            self._pending[info.handle] = (info, deferred)

    def finish(self) -> None:
        """The run ends: record the losses that wait for an update."""
        for subject in self.watcher.subjects.all:
            if subject.open is not None and not subject.open.written:
                if subject.applied_steps:
                    self._write(subject.open)
                else:
                    self._one_by_one(subject.open)

    # Assignments.

    def _given(self, variable: Any) -> None:
        """The script gives a variable other values before it trains it, as from a file."""
        info = self.watcher.variables.by_handle.get(handle_id(variable) or -1)
        if info is not None and info.trainable and context.executing_eagerly():
            info.set_at = self.session.locator.here(1)

    def _assigned(self, kind: str, variable: Any, value: Any) -> None:
        if not context.executing_eagerly():
            self.watcher.graphs.updates.assigned(kind, variable, value)
            return
        entry = self._step_of(handle_id(variable))
        if entry is not None and entry[1].sampled and self._observed(*entry):
            began = time.perf_counter()
            delta = added(kind, variable, value)
            if delta is not None:
                self._observe(entry[0], entry[1], delta)
            if entry[1].schedule is not None:
                entry[1].schedule.spent(entry[1].number, time.perf_counter() - began)

    def _before_op(self, handle: Any) -> Any:
        """The value of a variable that an update op is going to change, on sampled steps."""
        entry = self._pending.get(getattr(handle, "_id", -1))
        if entry is None or not entry[1].sampled or not context.executing_eagerly():
            return None
        if not isinstance(entry[1], Step) or not self._observed(entry[0], entry[1]):
            return None
        value = eager.array_of(entry[0].read())
        return None if value is None else value.copy()

    def _after_op(self, handle: Any, old: Any) -> None:
        if not context.executing_eagerly():
            self.watcher.graphs.updates.assigned_handle(handle)
            return
        entry = self._step_of(getattr(handle, "_id", None))
        if entry is not None and entry[1].schedule is not None:
            self.session.not_captured("changes by updates", APART)  # the old value is gone
        if entry is not None and old is not None:
            self._observe(entry[0], entry[1], eager.array_of(entry[0].read()) - old)

    def _step_of(self, handle: int | None) -> tuple[VariableInfo, Step] | None:
        """The variable and the step that an assignment belongs to; the step is applied by now."""
        entry = self._pending.get(handle or -1)
        if entry is None:
            return self.watcher.graphs.updates.assigned_outside(handle)
        info, waiting = entry
        step = waiting.begin() if isinstance(waiting, _Deferred) else waiting
        if not step.applied:
            self.applied(step)
        step.subject.assigned.add(info.key)
        return info, step

    def _observed(self, info: VariableInfo, step: Step) -> bool:
        return self.watcher.variable_sites.observed(step.subject, info)

    def _observe(self, info: VariableInfo, step: Step, delta: Any) -> None:
        key = self.watcher.variable_sites.key(step.subject, info)
        self.session.recorder.observe(Observation(step.number, "update", key, summarise(delta)))

    # Steps.

    def applied_in_graph(self, handle: int) -> None:
        """A graph that is being traced updates a variable whose gradient was taken eagerly."""
        entry = self._pending.get(handle)
        if entry is None or isinstance(entry[1], _Deferred):
            return
        info, step = entry[0], entry[1]
        step.subject.applies = True
        step.subject.assigned.add(info.key)
        self.session.not_captured("changes by updates", APART)
        if not step.applied:
            self.applied(step)

    def applied(self, step: Step) -> None:
        """The variables are updated: the step is done."""
        step.applied = True
        step.subject.applied_steps += 1
        step.subject.counts_calls = False
        if not step.written:
            self._write(step)

    def _write(self, step: Step) -> None:
        """A step is done: its loss is the mean over the gradients it took."""
        step.written = True
        step.subject.gradient_steps = step.number + 1
        loss = sum(step.losses) / len(step.losses)
        self.session.recorder.step_done(step.subject.key, step.number, loss, self.session.now())
        self.session.steps_finished()

    def _one_by_one(self, step: Step) -> None:
        """No update follows: each of the gradients counts as a step."""
        losses, step.losses = step.losses, step.losses[:1]
        self._write(step)
        for loss in losses[1:]:
            self._write(Step(step.subject, step.subject.gradient_steps, [loss]))


class _Deferred:
    """A step that begins only when one of its variables is updated."""

    sampled = False

    def __init__(self, begin: Callable[[], Step]) -> None:
        self._begin = begin
        self._step: Step | None = None

    def begin(self) -> Step:
        """Begin the step, once."""
        if self._step is None:
            self._step = self._begin()
        return self._step
