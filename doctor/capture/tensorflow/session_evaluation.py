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
            plan.evaluation = self._forward_pass(plan, feeds) or False
        forward: ForwardPass | bool = plan.evaluation
        evaluation = self.watcher.graphs.evaluation
        if isinstance(forward, bool) or not evaluation.admits():
            return None
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

    def _forward_pass(self, plan: Plan, feeds: Feeds) -> ForwardPass | None:
        """The forward pass of a run, or None where it uses no model that was trained."""
        forward = ForwardPass(self.watcher, plan, plan.fetched, feeds, "eval")
        network, subject = forward.network, self._subject(forward)
        if subject is None or network.output is None or not network.inputs:
            return None
        network.activations = []  # those of training are recorded
        self.watcher.pipeline_used("eval")
        forward.describe(subject, feeds)
        return forward

    def _subject(self, forward: ForwardPass) -> Any:
        return self.watcher.subjects.that_uses(forward.walk.variable_handles(self.watcher.variables))
