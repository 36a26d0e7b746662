"""Values of expressions that are worked out on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

import numpy as np

#: Values of an array that are computed with; a confusion of (N, 1) with (N,) makes N * N.
MAX_VALUES = 4_000_000
#: Modules of types that have a shape.
ARRAYS = ("numpy", "pandas", "tensorflow", "keras")


class Unknown(Exception):
    """The value of an expression cannot be told, or only by running the script's own code again."""


@dataclass(frozen=True)
class Value:
    """What an expression is worth.

    Attributes:
        content: an array, a number, a module, any object.
        predicted: whether it is made of what the model said.
    """

    content: Any
    predicted: bool = False


@dataclass(frozen=True)
class Unseen:
    """Stands for predictions whose values are not known yet.

    Attributes:
        changed: whether more than their shape may differ from what the model said.
    """

    changed: bool = False


def is_array(content: Any) -> bool:
    """Whether something is an array, tensor or table of a library; an attribute of others may be the script's code."""
    return (type(content).__module__ or "").startswith(ARRAYS) and hasattr(content, "shape")


def as_plain(content: Any) -> Any:
    """Tables and tensors as arrays."""
    if isinstance(content, np.ndarray) or not is_array(content):
        return content
    for name in ("to_numpy", "numpy"):
        if hasattr(content, name):
            return np.asarray(computed(getattr(content, name)))
    return content


def computed(function: Callable[[], Any]) -> Any:
    """The value of a pure function.

    Raises:
        Unknown: NumPy would not compute it, or it is too large.
    """
    try:
        with np.errstate(all="ignore"):
            content = function()
    except Exception as error:  # whatever NumPy says: the script will meet it by itself
        raise Unknown from error
    if isinstance(content, np.ndarray) and content.size > MAX_VALUES:
        raise Unknown
    return content


def rows(content: Any) -> int:
    """How many rows something has, 0 where it has none."""
    shape: Sequence[int] = getattr(content, "shape", ())
    return int(shape[0]) if shape else len(content) if isinstance(content, (list, tuple)) else 0
