"""What is recorded of an eager training step that is sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Hashable

import numpy as np

from doctor.capture.statistics import summarise
from doctor.capture.tensorflow import eager
from doctor.capture.tensorflow.gradients import loss_value
from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.subjects import Subject
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.variables import VariableInfo
from doctor.types import Observation, ScalarObservation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher


@dataclass
class Forward:
    """What ran under an outermost tape, from which one gradient or several are taken.

    Attributes:
        at: file and line where the tape was opened.
        collector: holds its ops, on sampled steps.
    """

    at: Hashable = None
    collector: eager.Collector | None = None
    _charged: bool = False

    @property
    def collecting(self) -> bool:
        """Whether the ops of the forward pass are being seen."""
        return self.collector is not None and self.collector.on

    def cost(self) -> float:
        """Seconds that collecting took, for the first subject that asks."""
        if self._charged or self.collector is None:
            return 0.0
        self._charged = True
        return self.collector.seconds


class Samples:
    """Records what a sampled step showed.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session

    def take(
        self,
        subject: Subject,
        step: int,
        collector: eager.Collector,
        targets: list[Any],
        infos: list[VariableInfo],
        gradients: list[Any],
    ) -> None:
        """Record everything of a step whose ops were collected."""
        target = next((one._id for one in targets if hasattr(one, "_id")), None)
        trace = collector.trace(self.watcher.variables)
        network = analyse(trace, target)
        self.watcher.note_batch(subject, collector, network)
        self.watcher.draw_graph(subject, trace, network)
        if step < 2:
            self.watcher.pipeline_used("train")
        taps: Taps = self.watcher.sites.describe(
            subject, trace, network, collector.look(self.watcher.layers), "train", self.watcher.keras.loss_facts()
        )
        eager.observe(self.session, collector, taps, step)
        self._observe_weights(subject, step, infos, gradients)
        self.watcher.keras.observe_optimizer(subject, step)
        data_loss = next((head.data_loss for head in network.heads if head.data_loss is not None), None)
        if len(network.heads) == 1 and data_loss is not None and data_loss in collector.tensors and data_loss != target:
            value = float(np.mean(collector.tensors[data_loss].numpy()))
            self.session.recorder.observe(ScalarObservation(step, subject.key, "data_loss", value))
        if not np.isfinite(loss_value(targets)):
            subject.nonfinite_samples += 1

    def take_late(self, subject: Subject, step: int, infos: list[VariableInfo], gradients: list[Any]) -> None:
        """Record what is left of a step that was not sampled and whose loss turned out not finite."""
        self.watcher.variable_sites.describe(subject, None) if not subject.named else None
        self._observe_weights(subject, step, infos, gradients)
        site = self.session.recorder.site(f"input:{subject.number}:0")
        for tensor in self.watcher.last_inputs:
            values = eager.array_of(tensor) if not isinstance(tensor, np.ndarray) else tensor
            if site is not None and values is not None and values.dtype.kind == "f" and values.ndim >= 2:
                self.session.recorder.observe(Observation(step, "input", site.key, summarise(values)))
                break

    def _observe_weights(
        self, subject: Subject, step: int, infos: list[VariableInfo], gradients: list[Any]
    ) -> None:
        for info, gradient in zip(infos, gradients):
            if not self.watcher.variable_sites.observed(subject, info):
                continue
            key = self.watcher.variable_sites.key(subject, info)
            value = eager.array_of(info.read())
            if value is not None:
                self.session.recorder.observe(Observation(step, "weight", key, summarise(value)))
            slope = eager.array_of(gradient)
            if slope is not None:
                self.session.recorder.observe(Observation(step, "gradient", key, summarise(slope)))
