"""The ops that a run of a session executes: found by walking back from what it fetches."""

from __future__ import annotations

from typing import Any, Callable, Collection, Iterable, Mapping

import numpy as np

from doctor.capture.session import Session
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.trace import Key
from doctor.capture.tensorflow.variables import Variables
from doctor.capture.tensorflow.walk import GraphWalk, constant

#: Ops that stand for a variable itself, by reference or by handle.
VARIABLE_OPS = ("VariableV2", "Variable", "VarHandleOp", "TemporaryVariable")
#: Stateful ops that only look.
_READS = (*VARIABLE_OPS, "ReadVariableOp", "ResourceGather", "ResourceGatherNd")
_WRITES = ("Assign", "Scatter", "Apply", "SparseApply", "ResourceApply", "ResourceSparseApply", "ResourceScatter",
           "ResourceStridedSliceAssign")  # fmt: skip
#: Ops between a variable and the op that writes to it.
_HANDING_ON = ("Identity", "RefIdentity", "Switch", "RefSwitch", "Enter", "RefEnter")


#: Id of a fed tensor -> its value.
Feeds = Mapping[int, np.ndarray]


def executed(operations: Iterable[Any], fed: Collection[int]) -> dict[Any, None]:
    """All ops that run for the sake of `operations`, in no particular order.

    Args:
        operations: targets, and the makers of fetched tensors.
        fed: ids of tensors that are fed: what would have made them does not run.
    """
    found: dict[Any, None] = {}
    waiting = list(operations)
    while waiting:
        operation = waiting.pop()
        if operation in found:
            continue
        found[operation] = None
        waiting.extend(tensor.op for tensor in operation.inputs if tensor._id not in fed)
        waiting.extend(operation.control_inputs)
    return found


def written_variable(operation: Any) -> int | None:
    """The id of the variable that an op assigns to, or None where it assigns nothing."""
    kind = operation.type
    if not kind.startswith(_WRITES):
        return None
    inputs = operation.inputs
    tensor = inputs[0] if len(inputs) else None
    for _ in range(8):
        if tensor is None or tensor.op.type in VARIABLE_OPS:
            break
        tensor = tensor.op.inputs[0] if tensor.op.type in _HANDING_ON else None
    return None if tensor is None else int(tensor._id)


def is_harmless(operations: Iterable[Any], run: Collection[Any]) -> bool:
    """Whether running these ops too, beside those of `run`, changes nothing and needs nothing more to be fed."""
    return all(
        operation in run
        or (operation.type != "Placeholder" and (not operation.op_def.is_stateful or operation.type in _READS))
        for operation in operations
    )


def is_free(tensor: Any, run: Collection[Any], feeds: Feeds) -> bool:
    """Whether fetching a tensor changes nothing and costs no more than is run anyway.

    Args:
        tensor: of a graph, or None.
        run: ops that the script's own fetches run.
        feeds: id of a fed tensor -> its value.
    """
    return tensor is not None and (tensor.op in run or is_harmless(executed([tensor.op], feeds), run))


class SessionWalk(GraphWalk):
    """The forward pass of a graph that a session runs, as a trace.

    Args:
        session: the watched run.
        variables: all variables of the script.
        graph: the tf.Graph.
        targets: walk back from these.
        feeds: id of a fed tensor -> its value.
    """

    def __init__(
        self,
        session: Session,
        variables: Variables,
        graph: Any,
        targets: list[Any],
        feeds: Feeds,
    ) -> None:
        self.feeds = feeds
        super().__init__(session, variables, graph, targets)

    def _reached(self, targets: list[Any]) -> list[Any]:
        found: dict[Any, int] = dict.fromkeys((target.op for target in targets), 0)
        waiting = list(found)
        while waiting:
            operation = waiting.pop()
            for tensor in operation.inputs:
                if tensor.op not in found and tensor._id not in self.feeds:
                    found[tensor.op] = 0
                    waiting.append(tensor.op)
        position = {operation: number for number, operation in enumerate(self.graph.get_operations())}
        return sorted(found, key=lambda operation: position[operation])

    def _handles(self, variables: Variables) -> dict[Key, Key]:
        known = variables.trainable_handles()
        return {
            tensor.name: known[tensor._id]
            for operation in self.graph.get_operations()
            if operation.type in VARIABLE_OPS
            for tensor in operation.outputs
            if tensor._id in known
        }

    def variable_handles(self, variables: Variables) -> set[int]:
        """Ids of the trainable variables that these ops use."""
        return {self.tensors[key]._id for key in self.trace.variables if key in self.trace.consumers}

    def look_at(self, shapes: Mapping[Key, tuple[int, ...]]) -> Look:
        """How to ask about the tensors, of which some were fetched.

        Args:
            shapes: of those that were, as they came.
        """

        def shape(key: Key) -> tuple[int | None, ...] | None:
            if key in shapes:
                return shapes[key]
            tensor = self.tensors.get(key)
            return None if tensor is None or tensor.shape.rank is None else tuple(tensor.shape.as_list())

        def dtype(key: Key) -> str:
            return self.tensors[key].dtype.base_dtype.name if key in self.tensors else ""

        nothing: Callable[[Key], None] = lambda key: None

        def number(key: Key) -> float | None:
            tensor = self.tensors.get(key)
            fed = self.feeds.get(tensor._id) if tensor is not None else None
            if fed is None:
                return constant(tensor)
            return float(fed) if fed.ndim == 0 and fed.dtype.kind in "fiu" else None

        return Look(shape=shape, dtype=dtype, layer=nothing, number=number)

    def _is_data(self, key: Key) -> bool:
        tensor = self.tensors.get(key)
        if tensor is None or tensor.op.type in VARIABLE_OPS:
            return False
        # A placeholder without a shape may be an image or a dropout rate: the value tells.
        return self._rank(key) != 0 and super()._is_data(key)

    def _rank(self, key: Key) -> int | None:
        tensor = self.tensors.get(key)
        if tensor is not None and tensor._id in self.feeds:
            return int(self.feeds[tensor._id].ndim)
        return super()._rank(key)
