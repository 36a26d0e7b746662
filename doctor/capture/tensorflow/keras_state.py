"""What Keras, or the script's own use of its pieces, says about the training that is going on."""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from doctor.capture.session import Session
from doctor.types import Location, ScalarObservation, Site


@dataclass(frozen=True)
class Scaled:
    """A loss that an optimiser multiplied, so that small gradients survive in half precision.

    Attributes:
        result: the scaled loss, a tensor.
        loss: as it was before.
        optimizer: which holds the factor.
    """

    result: Any
    loss: Any
    optimizer: Any

    @property
    def factor(self) -> float:
        """By which the loss was multiplied, in eager code."""
        return float(np.asarray(self.optimizer.dynamic_scale)) if self.optimizer.built else 1.0


class KerasState:
    """Filled by the hooks of `keras_hooks.py`; empty where the script uses no Keras.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.fit: dict[str, Any] = {}
        self.loss: dict[str, Any] = {}
        self.losses: dict[int, Location | None] = {}
        self.optimizers: dict[int, Location | None] = {}
        self.optimizer: Any = None
        self.optimizer_locations: list[tuple[Location | None, str]] = []
        self._scaled: collections.deque[Scaled] = collections.deque(maxlen=8)
        self._called: collections.deque[dict[str, Any]] = collections.deque(maxlen=32)
        self._described: dict[str, tuple[Any, ...]] = {}

    def fit_facts(self) -> dict[str, Any]:
        """Name, class and line of the model that `fit` (or `train_on_batch`) is training, or {}."""
        return self.fit

    def loss_called(self, facts: dict[str, Any]) -> None:
        """A Keras loss was called; several may be called before a gradient is taken."""
        self.loss = facts
        self._called.append(facts)

    def loss_facts(self) -> dict[str, Any]:
        """Name, from_logits and lines of the Keras loss that was called last, or {}.

        "called" has those of all that were called since a gradient was taken, in order.
        """
        return {**self.loss, "called": tuple(self._called)} if self.loss else {}

    def forward_begins(self) -> None:
        """The losses that are called from now on belong to another gradient."""
        self._called.clear()

    def loss_made(self, loss: Any, location: Location | None) -> None:
        """A loss was constructed."""
        self.losses[id(loss)] = location

    def optimizer_made(self, optimizer: Any, location: Location | None) -> None:
        """An optimiser was constructed."""
        self.optimizers[id(optimizer)] = location
        self.optimizer_locations.append((location, type(optimizer).__name__))

    def optimizer_used(self, optimizer: Any) -> None:
        """An optimiser applies gradients."""
        self.optimizer = optimizer

    def loss_scaled(self, optimizer: Any, loss: Any, result: Any) -> None:
        """An optimiser of mixed precision multiplied a loss."""
        if hasattr(optimizer, "dynamic_scale") and result is not loss:
            self._scaled.append(Scaled(result, loss, optimizer))

    def scaled(self, target: Any) -> Scaled | None:
        """How the target of a gradient was scaled, or None."""
        return next((one for one in self._scaled if one.result is target), None)

    def observe_optimizer(self, subject: Any, step: int) -> None:
        """Describe the optimiser of a subject and record its learning rate."""
        optimizer = self.optimizer or self.fit.get("optimizer")
        if optimizer is None:
            return
        rate = learning_rate(optimizer)
        location = self.optimizers.get(id(optimizer)) or self.fit.get("compile_location")
        same_line = sum(
            1 for one, name in self.optimizer_locations if one == location and name == type(optimizer).__name__
        )
        state = (id(optimizer) if same_line < 3 else type(optimizer), min(same_line, 50))
        if rate is not None:
            self.session.recorder.observe(ScalarObservation(step, subject.key, "learning_rate", rate))
        if self._described.get(subject.key) == state:
            return
        self._described[subject.key] = state
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        schedule = getattr(inner, "_learning_rate", None)
        named = type(schedule).__name__ if hasattr(schedule, "get_config") and callable(schedule) else None
        clipping = {
            name: getattr(inner, name, None)
            for name in ("clipnorm", "clipvalue", "global_clipnorm")
            if getattr(inner, name, None) is not None
        }
        self.session.recorder.describe(
            Site(
                key=f"optimizer:{subject.number}",
                kind="optimizer",
                name=type(inner).__name__,
                subject=subject.key,
                location=location,
                attributes={
                    "class": type(inner).__name__,
                    "learning_rate": rate,
                    "schedule": named,
                    "momentum": _number(getattr(inner, "momentum", None)),
                    "clipping": clipping or None,
                    "weight_decay": _number(getattr(inner, "weight_decay", None)),
                    "instances": max(1, same_line),
                },
            )
        )


def learning_rate(optimizer: Any) -> float | None:
    """The learning rate that an optimiser uses now, or None where it cannot be read."""
    try:
        with tf.init_scope():
            rate = optimizer.learning_rate
            rate = rate() if callable(rate) and not hasattr(rate, "numpy") else rate
            return float(np.asarray(rate.numpy() if hasattr(rate, "numpy") else rate))
    except Exception:  # noqa: BLE001  a rate of the user's own making may be anything
        return None


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None
