"""The forward pass of a run of a session: what can be fetched of it, and what is recorded of the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

import numpy as np

from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.gradients import Values
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.session_plans import Plan
from doctor.capture.tensorflow.session_walk import Feeds, SessionWalk, is_free
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.trace import Key

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


class ForwardPass:
    """What a run computes of a network.

    Args:
        watcher: the hub of all hooks.
        plan: of the run.
        targets: tensors to walk back from.
        feeds: id of a fed tensor -> its value, at the first run.
        phase: "train" or "eval".

    Attributes:
        walk: over the graph.
        network: what it found; of a loss in a training run, of all that is fetched in another one.
        tensors: key in the trace -> tensor to fetch; filled by `describe`.
    """

    def __init__(self, watcher: Watcher, plan: Plan, targets: list[Any], feeds: Feeds, phase: str) -> None:
        self.watcher = watcher
        self.plan = plan
        self.phase = phase
        self.walk = SessionWalk(watcher.session, watcher.variables, plan.graph, targets, feeds)
        self.network = analyse(self.walk.trace, self.walk.target if phase == "train" else None)
        self.tensors: dict[Key, Any] = {}
        self._taps: Taps | None = None
        self._by_values = False

    @property
    def described(self) -> bool:
        """Whether `describe` was called."""
        return self._taps is not None

    def describe(self, subject: Subject, feeds: Feeds) -> None:
        """Make the sites of what the graph tells, and find the tensors to fetch.

        Args:
            subject: whose network it is.
            feeds: id of a fed tensor -> its value.
        """
        fed = {key: feeds[tensor._id].shape for key, tensor in self.walk.tensors.items() if tensor._id in feeds}
        taps = self._taps = self._sites(subject, fed)
        keys = {tap.tensor for tap in (*taps.tensors, *taps.columns, *taps.images)}
        keys |= {key for pair in taps.counts for key in (pair.output, pair.label)}
        keys |= {key for spread in taps.spreads for key in (spread.output, spread.label)}
        keys |= {key for rows in taps.rows for key in (*rows.inputs, *rows.labels)}
        found = {key: tensor for key in keys if (tensor := self.walk.tensors.get(key)) is not None}
        self.tensors = {
            key: tensor
            for key, tensor in found.items()
            if tensor._id not in feeds and is_free(tensor, self.plan.operations, feeds)
        }

    def batch_size(self, feeds: Feeds) -> int | None:
        """Rows of the first input where it is fed."""
        tensor = self.walk.tensors.get(self.network.inputs[0]) if self.network.inputs else None
        shape = feeds[tensor._id].shape if tensor is not None and tensor._id in feeds else ()
        return int(shape[0]) if shape else None

    def observe(self, subject: Subject, step: int, fetched: Mapping[str, Any], feeds: Feeds) -> None:
        """Record the values of one run.

        Args:
            subject: whose network it is.
            step: of training.
            fetched: key in the trace -> value.
            feeds: id of a fed tensor -> its value.
        """
        session = self.watcher.session
        collected = eager.Collector(session)
        for key, tensor in self.walk.tensors.items():
            value = feeds.get(tensor._id, fetched.get(str(key)))
            if value is not None:
                collected.tensors[key] = Values(np.asarray(value))
        if not self._by_values:
            # What the graph leaves open, such as the number of classes, the values tell.
            self._by_values = True
            shapes = {key: value.numpy().shape for key, value in collected.tensors.items()}
            self._taps = self._sites(subject, shapes)
        if self._taps is not None:
            eager.observe(session, collected, self._taps, step)

    def _sites(self, subject: Subject, shapes: Mapping[Key, tuple[int, ...]]) -> Taps:
        look = self.walk.look_at(shapes)
        return self.watcher.sites.describe(subject, self.walk.trace, self.network, look, self.phase, {})
