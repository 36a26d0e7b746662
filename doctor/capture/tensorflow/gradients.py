"""Reads what a gradient call and an assignment were given, in eager code."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from doctor.capture.tensorflow import eager


def aligned(result: Any, count: int) -> list[Any]:
    """The gradients one by one; an IndexedSlices is one gradient."""
    if isinstance(result, (list, tuple)) and len(result) == count:
        return list(result)
    if count == 1:
        return [result[0] if isinstance(result, (list, tuple)) else result]
    flat: list[Any] = []

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            for key in sorted(value):
                visit(value[key])
        elif isinstance(value, (list, tuple)):
            for one in value:
                visit(one)
        else:
            flat.append(value)

    visit(result)
    return flat if len(flat) == count else [None] * count


def parts(value: Any) -> list[Any]:
    """The tensors or variables of a structure, in TensorFlow's order, which asks it at ten times the cost."""
    if type(value) in (list, tuple):
        if not any(isinstance(one, (list, tuple, dict)) or one is None for one in value):
            return list(value)
    elif hasattr(value, "dtype"):
        return [value]
    return list(tf.nest.flatten(value))


def loss_value(targets: list[Any]) -> float:
    """The loss as a number: the mean where it is a vector, the sum over several targets."""
    total = 0.0
    for target in targets:
        if hasattr(target, "numpy"):
            value = np.asarray(target.numpy(), dtype=np.float64)
            total += float(value) if value.ndim == 0 else float(value.mean())
    return total


def unscaled(gradient: Any, factor: float) -> Any:
    """A gradient of a loss that was multiplied by `factor`, as mixed precision does, without it."""
    if gradient is None or not factor:
        return gradient
    value = eager.array_of(gradient)
    return gradient if value is None else Values(value / np.asarray(factor, value.dtype))


class Values:
    """An array that can be asked as a tensor is."""

    def __init__(self, value: np.ndarray) -> None:
        self._value = value

    def numpy(self) -> np.ndarray:
        """The array."""
        return self._value


def added(kind: str, variable: Any, value: Any) -> np.ndarray | None:
    """What an assignment adds to a variable."""
    given = value if isinstance(value, np.ndarray) else eager.array_of(value)
    if given is None:
        given = np.asarray(value, dtype=np.float32) if isinstance(value, (int, float, list)) else None
    if given is None:
        return None
    if kind in ("assign_sub", "scatter_sub"):
        return -given
    if kind in ("assign_add", "scatter_add"):
        return given
    before = eager.array_of(variable)
    if kind == "assign" and before is not None and before.shape == given.shape:
        return given - before
    return None
