"""Describes the optimisers of TensorFlow 1."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np

from doctor.capture.session import Session
from doctor.capture.tensorflow.keras_state import KerasState
from doctor.capture.tensorflow.subjects import Subject
from doctor.types import ScalarObservation, Site

#: Attributes that hold a learning rate as it was given, and as the tensor that it became.
_RATES = ("_learning_rate", "_lr")
_TENSORS = ("_learning_rate_tensor", "_lr_t")


def rate_tensor(optimizer: Any) -> Any:
    """The tensor of an optimiser's learning rate where it may change from step to step, else None."""
    tensor = next((one for name in _TENSORS if (one := getattr(optimizer, name, None)) is not None), None)
    return tensor if tensor is not None and hasattr(tensor, "op") and tensor.op.type != "Const" else None


class Optimizers:
    """Writes the sites of optimisers and their learning rates.

    Args:
        session: the watched run.
        keras: knows the lines that made optimisers.
    """

    def __init__(self, session: Session, keras: KerasState) -> None:
        self.session = session
        self.keras = keras
        self._described: set[tuple[str, int]] = set()

    def observe(
        self, subject: Subject, step: int, optimizer: Any, clipping: Mapping[str, Any] | None, rate: Any
    ) -> None:
        """Describe the optimiser of a subject and record its learning rate.

        Args:
            subject: the training loop.
            step: its number.
            optimizer: of TensorFlow 1.
            clipping: how the gradients are bounded before they are applied.
            rate: the value of `rate_tensor`, or None.
        """
        number = _number(rate)
        if number is None and rate_tensor(optimizer) is None:
            given = next((one for name in _RATES if (one := getattr(optimizer, name, None)) is not None), None)
            number = _number(given() if callable(given) else given)
        if number is not None:
            self.session.recorder.observe(ScalarObservation(step, subject.key, "learning_rate", number))
        if (subject.key, id(optimizer)) in self._described:
            return
        self._described.add((subject.key, id(optimizer)))
        kind = type(optimizer).__name__.removesuffix("Optimizer")
        tensor = rate_tensor(optimizer)
        computed = tensor is not None and tensor.op.type not in ("Placeholder", "PlaceholderWithDefault")
        self.session.recorder.describe(
            Site(
                key=f"optimizer:{subject.number}",
                kind="optimizer",
                name=kind,
                subject=subject.key,
                location=self.keras.optimizers.get(id(optimizer)) or subject.location,
                attributes={
                    "class": kind,
                    "learning_rate": number,
                    "schedule": tensor.op.name.split("/")[0] if computed else None,
                    "momentum": _number(getattr(optimizer, "_momentum", None)),
                    "clipping": dict(clipping) if clipping else None,
                    "weight_decay": None,
                    "instances": 1,
                },
            )
        )


def clipping_between(gradients: list[Any], writers: list[Any], operations: Mapping[Any, None]) -> dict[str, Any] | None:
    """How gradients are bounded on the way to the ops that apply them: {"clipvalue" or "clipnorm": limit or None}."""
    makers = {tensor.op for tensor in gradients}
    seen: set[Any] = set()
    waiting = [tensor.op for writer in writers for tensor in writer.inputs[1:]]
    while waiting:
        operation = waiting.pop()
        if operation in seen or operation in makers or operation not in operations:
            continue
        seen.add(operation)
        for part in operation.name.split("/"):
            name = part.rstrip("0123456789").rstrip("_")
            if name in ("clip_by_value", "clip_by_norm", "clip_by_global_norm", "clip_by_average_norm"):
                return {"clip" + ("value" if name == "clip_by_value" else "norm"): None}
        waiting.extend(tensor.op for tensor in operation.inputs)
    return None


def _number(value: Any) -> float | None:
    if value is None or hasattr(value, "op"):
        return None
    try:
        return float(np.asarray(value))
    except (TypeError, ValueError):
        return None
