"""Runs of a session without a training op: an accuracy on test data, a prediction."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from doctor.capture.tensorflow.session_plans import Plan
from doctor.capture.tensorflow.session_values import ForwardPass
from doctor.capture.tensorflow.session_walk import Feeds

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


class EvaluationRuns:
    """Observes inputs, outputs and labels of runs that do not train.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher

    def wanted(self, plan: Plan, feeds: Feeds) -> dict[str, Any] | None:
        """The tensors to fetch beside the script's own, or None where the run is not observed.

        Args:
            plan: of the run.
            feeds: id of a fed tensor -> its value.
        """
        if not self.watcher.trained or plan.written or not plan.fetched:
            return None
        began = time.perf_counter()
        if plan.evaluation is None:
            plan.evaluation = ForwardPass(self.watcher, plan, plan.fetched, feeds, "eval")
            plan.evaluation.network.activations = []  # those of training are recorded
        forward: ForwardPass = plan.evaluation
        subject, evaluation = self._subject(forward), self.watcher.graphs.evaluation
        if subject is None or forward.network.output is None or not forward.network.inputs or not evaluation.admits():
            return None
        if not forward.described:
            self.watcher.pipeline_used("eval")
            forward.describe(subject, feeds)
        evaluation.spend(time.perf_counter() - began)
        return {str(key): tensor for key, tensor in forward.tensors.items() if tensor._id not in feeds}

    def record(self, plan: Plan, fetched: dict[str, Any], feeds: Feeds) -> None:
        """Record what a run was given and what it computed.

        Args:
            plan: of the run.
            fetched: values of what `wanted` named.
            feeds: id of a fed tensor -> its value.
        """
        began = time.perf_counter()
        forward: ForwardPass = plan.evaluation
        subject = self._subject(forward)
        if subject is not None:
            forward.observe(subject, subject.gradient_steps, fetched, feeds)
        self.watcher.graphs.evaluation.spend(time.perf_counter() - began)

    def _subject(self, forward: ForwardPass) -> Any:
        return self.watcher.subjects.that_uses(forward.walk.variable_handles(self.watcher.variables))
