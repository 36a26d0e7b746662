"""Compiled functions that are called while another one is traced: a forward pass within a compiled step.

The call is one op in the graph of the step. The ops inside take its place among the others, so that both are
understood as one network; activations inside are measured by what `compiled` built into the function. The host arms
that for the steps that it samples: a function that is called in a step may be called outside of one too.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Mapping

import tensorflow as tf

from doctor.capture.tensorflow.compiled import Compiled
from doctor.capture.tensorflow.taps import Tap, Taps
from doctor.capture.tensorflow.trace import Key
from doctor.types import Observation

if TYPE_CHECKING:
    from doctor.capture.tensorflow.subjects import Subject

_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


@dataclass
class _Inner:
    """What a function measures for a subject: by the name of the tensor in its graph."""

    subject: Subject
    compiled: Compiled
    taps: dict[str, Tap]


class NestedCalls:
    """Knows the calls of compiled functions in graphs."""

    def __init__(self) -> None:
        self._calls: weakref.WeakKeyDictionary[Any, dict[str, Compiled]] = weakref.WeakKeyDictionary()
        self._inner: list[_Inner] = []
        self._armed = True

    def called(self, compiled: Compiled, result: Any) -> None:
        """A function was called while a graph is traced.

        Args:
            compiled: the function.
            result: what the call gave.
        """
        for tensor in tf.nest.flatten(result, expand_composites=True):
            operation = getattr(tensor, "op", None) if tf.is_tensor(tensor) else None
            if operation is not None and operation.type in _CALLS:
                self._calls.setdefault(operation.graph, {})[operation.name] = compiled

    def within(self, graph: Any) -> Mapping[str, Compiled]:
        """Name of an op in a graph -> the function that it calls."""
        return self._calls.get(graph) or {}

    def observe(self, subject: Subject, taps: Taps, inside: Mapping[Key, tuple[Compiled, str]]) -> None:
        """Have the tensors inside of functions observed.

        Args:
            subject: whose forward pass it is.
            taps: what is to be observed of it.
            inside: a tensor within a call -> the function, and its name there.
        """
        # A step that is traced again calls functions that are known.
        known = {id(one.compiled): one for one in self._inner if one.subject is subject}
        for tap in taps.tensors:
            compiled, name = inside.get(tap.tensor, (None, ""))
            if compiled is None:
                continue
            if id(compiled) not in known:
                known[id(compiled)] = _Inner(subject, compiled, {})
                self._inner.append(known[id(compiled)])
            # Of several calls in one step the first is measured.
            known[id(compiled)].taps.setdefault(name, tap)

    def arm(self, on: bool) -> None:
        """Measure the next call of each function, or no longer."""
        if self._inner and (on or self._armed):
            self._armed = on
            for inner in self._inner:
                inner.compiled.armed.assign(on, read_value=False)

    def read(self, subject: Subject, step: int) -> list[Observation]:
        """What the functions left of a step of a subject."""
        found: dict[tuple[str, str], Observation] = {}
        for inner in self._inner:
            for _, rows in inner.compiled.taps.read() if inner.subject is subject else ():
                for one in rows:
                    tap = inner.taps.get(one.site)
                    if tap is not None:
                        found[(tap.role, tap.site)] = Observation(step, tap.role, tap.site, one.stats)
        return list(found.values())
