"""Walks a graph back from its loss, or over all of it, and makes a trace of what it finds."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any, Mapping

import tensorflow as tf

from doctor.capture.session import Session
from doctor.capture.tensorflow.layers import LayerInfo, Layers
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.trace import Key, Node, Trace
from doctor.capture.tensorflow.variables import Variables
from doctor.types import Location

if TYPE_CHECKING:
    from doctor.capture.tensorflow.compiled import Compiled

#: Values of a constant that is looked into: states of a recurrence have a few thousand.
MAX_STATE = 1 << 20


class GraphWalk:
    """The ops of a graph as a trace.

    Args:
        session: the watched run.
        variables: all variables of the script.
        graph: the FuncGraph that is being traced.
        targets: walk back from these; the whole graph where None.
        calls: name of an op -> the function that it calls, whose ops take its place.

    Attributes:
        tensors: those of the graph, by name.
        inside: a tensor within a call -> the function, and its name there.
    """

    def __init__(
        self,
        session: Session,
        variables: Variables,
        graph: Any,
        targets: list[Any] | None,
        calls: Mapping[str, Compiled] = types.MappingProxyType({}),
    ) -> None:
        self.session = session
        self.graph = graph
        self.tensors: dict[Key, Any] = {}
        self.inside: dict[Key, tuple[Compiled, str]] = {}
        self.target: Key | None = None
        operations = self._reached(targets) if targets is not None else graph.get_operations()
        handles = self._handles(variables)
        nodes = []
        for operation in operations:
            for tensor in (*operation.inputs, *operation.outputs):
                self.tensors[tensor.name] = tensor
            if operation.type == "Placeholder" or not operation.outputs:
                continue
            node = Node(
                operation.type,
                tuple(tensor.name for tensor in operation.inputs),
                tuple(tensor.name for tensor in operation.outputs),
                functools.partial(self._location, operation),
            )
            compiled = calls.get(operation.name)
            if compiled is None:
                nodes.append(node)
                continue
            inner, names = compiled.nodes(node)
            nodes += inner
            self.inside.update((key, (compiled, name)) for key, name in names.items())
        if targets:
            self.target = targets[0].name if targets[0].graph is graph else None
        self.handles = set(handles.values())
        self.trace = Trace(nodes, handles, self._is_data, self._rank)

    def _reached(self, targets: list[Any]) -> list[Any]:
        found: dict[str, Any] = {}
        waiting = [target.op for target in targets if target.graph is self.graph]
        while waiting:
            operation = waiting.pop()
            if operation.name in found:
                continue
            found[operation.name] = operation
            waiting.extend(tensor.op for tensor in operation.inputs)
            # Siblings that turn the same logits into probabilities tell what Keras did.
            if operation.type in ("BiasAdd", "MatMul", "AddV2", "Conv2D", "Reshape"):
                for output in operation.outputs:
                    waiting.extend(one for one in output.consumers() if one.type in ("Softmax", "Sigmoid"))
        position = {operation.name: number for number, operation in enumerate(self.graph.get_operations())}
        return sorted(found.values(), key=lambda operation: position[operation.name])

    def _handles(self, variables: Variables) -> dict[Key, Key]:
        """Keys of the captured handles of trainable variables in this graph -> keys of their sites."""
        known = variables.trainable_handles()
        found: dict[Key, Key] = {}
        for outer, inner in self.graph.captures:
            source = outermost(outer)
            key = known.get(getattr(source, "_id", -1))
            if key is not None:
                found[inner.name] = key
        return found

    def variable_handles(self, variables: Variables) -> set[int]:
        """Handle ids of the trainable variables that this graph captures."""
        known = variables.trainable_handles()
        sources = (outermost(outer) for outer, _ in self.graph.captures)
        return {source._id for source in sources if getattr(source, "_id", -1) in known}

    def look(self, layers: Layers) -> Look:
        """How to ask about the tensors."""

        def shape(key: Key) -> tuple[int | None, ...] | None:
            tensor = self._tensor(key)
            if tensor is None or tensor.shape.rank is None:
                return None
            return tuple(tensor.shape.as_list())

        def dtype(key: Key) -> str:
            tensor = self._tensor(key)
            return "" if tensor is None else str(tensor.dtype.name)

        def layer(key: Key) -> LayerInfo | None:
            compiled, name = self.inside.get(key, (None, ""))
            return layers.producer(key) if compiled is None else compiled.layers.get(name)

        return Look(shape, dtype, layer, graph=self.graph, number=lambda key: constant(self._tensor(key)))

    def _tensor(self, key: Key) -> Any:
        compiled, name = self.inside.get(key, (None, ""))
        return self.tensors.get(key) if compiled is None else compiled.walk.tensors.get(name)

    def _location(self, operation: Any) -> Location | None:
        frames = [(frame.filename, frame.lineno) for frame in operation.traceback]
        return self.session.locator.of_stack(reversed(frames))

    def _is_data(self, key: Key) -> bool:
        compiled, name = self.inside.get(key, (None, ""))
        if compiled is not None:
            return compiled.walk.trace.is_data(name)
        tensor = self.tensors.get(key)
        if tensor is None or tensor.dtype in (tf.resource, tf.variant, tf.string):
            return False
        rank = tensor.shape.rank
        if rank == 0:
            return False
        if tensor.op.type == "Const":
            size = tensor.shape.num_elements() or 0
            if size <= 8 or (tensor.dtype.is_integer and rank == 1):
                return False
            value = tf.get_static_value(tensor) if size <= MAX_STATE else None  # a copy of what may be all data
            # The same number everywhere is the first state of a recurrence, a mask, a seed of a gradient.
            return value is None or bool((value != value.flat[0]).any())
        return True

    def _rank(self, key: Key) -> int | None:
        tensor = self._tensor(key)
        return None if tensor is None else tensor.shape.rank


def constant(tensor: Any) -> float | None:
    """The value of a single number that stands in the graph itself, else None."""
    value = None if tensor is None or tensor.shape.rank not in (0, None) else tf.get_static_value(tensor)
    return None if value is None or value.dtype.kind not in "fiu" else float(value)


def outermost(tensor: Any) -> Any:
    """The eager tensor behind a chain of captures."""
    for _ in range(16):
        if hasattr(tensor, "_id") and not hasattr(tensor, "graph"):
            return tensor
        graph = getattr(tensor, "graph", None) if not isinstance(tensor, tf.__internal__.EagerTensor) else None
        if graph is None:
            return tensor
        outer = next((outer for outer, inner in getattr(graph, "captures", ()) if inner is tensor), None)
        if outer is None:
            return tensor
        tensor = outer
    return tensor
