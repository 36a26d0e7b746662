"""Eager forward passes: on sampled steps every op is seen through an op callback."""

from __future__ import annotations

import time
from typing import Any, Callable

import numpy as np
from tensorflow.python.eager import context
from tensorflow.python.framework import op_callbacks

from doctor.capture.session import Session
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow import counts, images
from doctor.capture.tensorflow.compiled import Compiled, observations
from doctor.capture.tensorflow.layers import LayerInfo, Layers
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.taps import Taps
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.capture.tensorflow.variables import Variables
from doctor.capture.tensorflow.walk import constant
from doctor.types import ImageObservation, Observation, VectorObservation

#: Ops kept of one forward pass: a loop of thousands of ops is cut off here.
MAX_OPS = 20_000


class Collector:
    """Gathers the ops of one eager forward pass and the tensors that they make.

    Args:
        session: the watched run.
        max_ops: see no more than this many.
    """

    def __init__(self, session: Session, max_ops: int = MAX_OPS) -> None:
        self.session = session
        self.max_ops = max_ops
        self.nodes: list[Node] = []
        self.tensors: dict[Key, Any] = {}
        self.seconds = 0.0
        self.cut_off = False
        self.on = False
        # Calls of compiled functions that can be looked into, and the tensors inside.
        self.called: Callable[[], Compiled | None] = lambda: None
        self.inside: dict[Key, tuple[Compiled, str]] = {}
        self._compiled: dict[int, Compiled] = {}

    def start(self) -> None:
        """Begin to see ops of this thread."""
        if not self.on and context.executing_eagerly():
            op_callbacks.add_op_callback(self._see)
            self.on = True

    def stop(self) -> None:
        """See no more ops."""
        if self.on and context.executing_eagerly():
            self.on = False
            op_callbacks.remove_op_callback(self._see)

    def _see(
        self, op_type: Any, inputs: Any, attrs: Any, outputs: Any, op_name: Any = None, graph: Any = None
    ) -> None:
        if graph is not None:  # an op of a graph that is being traced, not one that ran
            return
        start = time.perf_counter()
        try:
            if len(self.nodes) >= self.max_ops:
                self.cut_off = True
                return
            op = op_type if isinstance(op_type, str) else op_type.decode()
            compiled = None
            if op.startswith(("__forward_", "__inference_")):
                op, compiled = "PartitionedCall", self.called()
            location = self.session.locator.here(1)
            for tensor in (*inputs, *outputs):
                self.tensors[tensor._id] = tensor
            self.nodes.append(
                Node(
                    op,
                    tuple(tensor._id for tensor in inputs),
                    tuple(tensor._id for tensor in outputs),
                    lambda: location,
                )
            )
            if compiled is not None:
                self._compiled[id(self.nodes[-1])] = compiled
        except Exception as error:  # noqa: BLE001  an op callback that raises would break the script's op
            self.session.failed("eager operations", error)
        finally:
            self.seconds += time.perf_counter() - start

    def trace(self, variables: Variables) -> Trace:
        """The ops with their dependencies."""
        handles: dict[Key, Key] = {handle: key for handle, key in variables.trainable_handles().items()}
        nodes: list[Node] = []
        for node in self.nodes:
            compiled = self._compiled.get(id(node))
            if compiled is None:
                nodes.append(node)
                continue
            inner, names = compiled.nodes(node)
            nodes += inner
            self.inside.update((key, (compiled, name)) for key, name in names.items())
        return Trace(nodes, handles, self._is_data, self._rank)

    def look(self, layers: Layers) -> Look:
        """How to ask about the tensors."""

        def shape(key: Key) -> tuple[int | None, ...] | None:
            tensor = self._tensor(key)
            return tuple(tensor.shape) if tensor is not None and tensor.shape.rank is not None else None

        def dtype(key: Key) -> str:
            tensor = self._tensor(key)
            return "" if tensor is None else tensor.dtype.name

        def layer(key: Key) -> LayerInfo | None:
            compiled, name = self.inside.get(key, (None, ""))
            return layers.producer(key) if compiled is None else compiled.layers.get(name)

        def number(key: Key) -> float | None:
            compiled, name = self.inside.get(key, (None, ""))
            if compiled is not None:
                return constant(compiled.walk.tensors.get(name))
            value = array_of(self.tensors.get(key))
            return float(value) if value is not None and value.ndim == 0 and value.dtype.kind in "fiu" else None

        return Look(shape, dtype, layer, number=number)

    def _tensor(self, key: Key) -> Any:
        compiled, name = self.inside.get(key, (None, ""))
        return self.tensors.get(key) if compiled is None else compiled.walk.tensors.get(name)

    def _is_data(self, key: Key) -> bool:
        """A tensor that no op made: data, unless it is a single number."""
        compiled, name = self.inside.get(key, (None, ""))
        if compiled is not None:
            return compiled.walk.trace.is_data(name)
        tensor = self.tensors.get(key)
        if tensor is None or tensor.dtype.name in ("resource", "variant", "string"):
            return False
        return bool(tuple(tensor.shape))

    def _rank(self, key: Key) -> int | None:
        tensor = self._tensor(key)
        return None if tensor is None else tensor.shape.rank


def observe(session: Session, collector: Collector, taps: Taps, step: int) -> None:
    """Record the tapped tensors of an eager forward pass."""
    recorder = session.recorder
    for tap in taps.tensors:
        value = array_of(collector.tensors.get(tap.tensor))
        if value is not None:
            recorder.observe(Observation(step, tap.role, tap.site, summarise(value)))
    for tap in taps.columns:
        value = array_of(collector.tensors.get(tap.tensor))
        if value is not None and step < 16:
            for name, vector in counts.columns(value).items():
                recorder.observe(VectorObservation(step, tap.site, name, vector))
    for inner in observations(collector.inside, taps, step):
        recorder.observe(inner)
    for rows in taps.rows:
        arrays = [array_of(collector.tensors.get(key)) for key in (*rows.inputs, *rows.labels)]
        for observation in rows.of_arrays(step, arrays):
            recorder.observe(observation)
    for pairs in taps.pairs:
        pairs.of_arrays([array_of(collector.tensors.get(key)) for key in (*pairs.inputs, pairs.label)])
    for one in taps.attention:
        weights, tokens = (array_of(collector.tensors.get(key)) for key in (one.weights, one.tokens))
        for observation in one.of_arrays(step, weights, tokens):
            recorder.observe(observation)
    for spread in taps.spreads:
        output, label = (array_of(collector.tensors.get(key)) for key in (spread.output, spread.label))
        for observation in spread.of_arrays(step, output, label):
            recorder.observe(observation)
    for tap in taps.images:
        value = array_of(collector.tensors.get(tap.tensor))
        shown = None if value is None else images.as_images(value)
        if shown is not None:
            recorder.observe(ImageObservation(step, tap.site, shown))
    for pair in taps.counts:
        output, label = array_of(collector.tensors.get(pair.output)), array_of(collector.tensors.get(pair.label))
        if output is not None and label is not None:
            for site, name, vector in counts.by_class(output, label, pair):
                recorder.observe(VectorObservation(step, site, name, vector))


def array_of(tensor: Any) -> np.ndarray | None:
    """The values of an eager tensor or variable, of the values only where it is sparse."""
    if tensor is None:
        return None
    tensor = getattr(tensor, "values", tensor) if hasattr(tensor, "indices") else tensor
    if hasattr(tensor, "numpy"):
        value = np.asarray(tensor.numpy())
        return value if value.dtype != object and value.dtype.kind not in "SU" else None
    return None
