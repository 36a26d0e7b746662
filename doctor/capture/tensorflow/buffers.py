"""Where a graph leaves what it measured, for the host to read later. No Python runs in the graph."""

from __future__ import annotations

from typing import Any, Callable, Sequence

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import attr_value_pb2
from tensorflow.python.ops import gen_resource_variable_ops, gen_state_ops, resource_variable_ops

#: Samples that a graph can leave before the host must have read them.
SLOTS = 16
#: Losses that a graph can leave; a loop inside a graph may take many steps before the host looks.
LOSSES = 8192


def hidden_variable(value: Any, dtype: tf.DType) -> Any:
    """A variable of our own, made outside the graph that is being traced.

    tf.Variable cannot be made during the second tracing of a tf.function; this class can.
    """
    with tf.init_scope(), tf.device("CPU:0"):
        return resource_variable_ops.ResourceVariable(value, trainable=False, dtype=dtype, name="doctor")


def value_of(variable: Any) -> np.ndarray:
    """The value of a hidden variable, on the host.

    Its own `numpy()` goes through tapes and distribution strategies, at four times the cost.
    """
    return gen_resource_variable_ops.read_variable_op(variable.handle, variable.dtype).numpy()


class Ring:
    """The last rows that a graph wrote, with the step of each.

    Args:
        rows: how many are kept.
        width: numbers in a row.
    """

    def __init__(self, rows: int, width: int) -> None:
        self.rows, self.width = rows, width
        self.values = hidden_variable(np.zeros((rows, width), np.float32), tf.float32)
        self.steps = hidden_variable(np.full((rows,), -1, np.int64), tf.int64)
        self.count = hidden_variable(np.int64(0), tf.int64)
        self._read = 0

    def write(self, step: tf.Tensor, row: tf.Tensor) -> None:
        """In a graph: append a row of shape (width,)."""
        count = self.count.read_value()
        index = tf.reshape(tf.math.floormod(count, tf.constant(self.rows, tf.int64)), [1, 1])
        written = [
            gen_state_ops.resource_scatter_nd_update(self.values.handle, index, tf.reshape(row, [1, self.width])),
            gen_state_ops.resource_scatter_nd_update(self.steps.handle, index, tf.reshape(step, [1])),
        ]
        # The host may look at any moment: a row counts only once it is there.
        with tf.control_dependencies(written):
            self.count.assign_add(1, read_value=False)

    def read(self) -> list[tuple[int, np.ndarray]]:
        """On the host: the (step, row) pairs written since the last call; overwritten ones are lost."""
        count = int(value_of(self.count))
        if count == self._read:
            return []
        first = max(self._read, count - self.rows)
        self._read = count
        values, steps = value_of(self.values), value_of(self.steps)
        return [(int(steps[index % self.rows]), values[index % self.rows].copy()) for index in range(first, count)]


def when(condition: tf.Tensor, action: Callable[[], Any]) -> None:
    """In a graph: run `action`, which only writes variables, where `condition` holds."""

    def run() -> tf.Tensor:
        action()
        return tf.constant(True)

    result = tf.cond(condition, run, lambda: tf.constant(False))
    # Kept as one op: lowered to switches, every op of the branch that is not taken is still
    # visited at every step.
    operation = result.op
    while operation.type == "Identity":
        operation = operation.inputs[0].op
    if operation.type in ("If", "StatelessIf"):
        operation._set_attr("_lower_using_switch_merge", attr_value_pb2.AttrValue(b=False))


def joined(rows: Sequence[tf.Tensor]) -> tf.Tensor:
    """Vectors as one."""
    return tf.concat([tf.reshape(row, [-1]) for row in rows], 0)
