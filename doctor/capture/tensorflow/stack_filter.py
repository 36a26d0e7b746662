"""Keeps doctor's own frames out of the stacks that TensorFlow stores with every op.

The message of an op that fails in a graph lists the calls that made it ("Detected at node
... defined at"), and doctor's wrappers are among them. TensorFlow has filters for such
frames, a stack of them for each thread; doctor's files are added to the one at the bottom.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tensorflow.python.util import tf_stack

_CAPTURE = Path(__file__).resolve().parent.parent


def install() -> None:
    """Filter doctor's frames in every thread from now on."""
    ours = frozenset(str(path) for path in _CAPTURE.rglob("*.py"))

    class Filter(tf_stack.StackTraceFilter):
        """At the bottom of a thread's filters; the ones above take its names over."""

        def __init__(self) -> None:
            super().__init__()
            self.update()

        def get_filtered_filenames(self) -> Any:
            return ours

    filters = tf_stack._source_filter_stacks
    for stack in filters.values():
        stack[0] = Filter()
    filters.default_factory = lambda: [Filter()]
