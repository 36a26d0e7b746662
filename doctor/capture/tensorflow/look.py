"""How to ask about the tensors of a trace, whether eager or in a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from doctor.capture.tensorflow.layers import LayerInfo
from doctor.capture.tensorflow.trace import Key


@dataclass
class Look:
    """How to ask about the tensors of a trace, whether eager or in a graph."""

    shape: Callable[[Key], tuple[int | None, ...] | None]
    dtype: Callable[[Key], str]
    layer: Callable[[Key], LayerInfo | None]
    graph: Any = None
    #: The value of a single number that is known now, else None.
    number: Callable[[Key], float | None] = lambda key: None
