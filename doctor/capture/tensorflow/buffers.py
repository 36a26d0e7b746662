"""Where a graph leaves what it measured, for the host to read later. No Python runs in the graph."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Iterator, Sequence

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import attr_value_pb2
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.eager import context, record
from tensorflow.python.ops import gen_resource_variable_ops, resource_variable_ops

#: Samples that a graph can leave before the host must have read them.
SLOTS = 16
#: Losses that a graph can leave; a loop inside a graph may take many steps before the host looks.
LOSSES = 16384


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


class StepLog:
    """Counts the steps that graphs take, and keeps the loss of the last ones.

    It is written at every step, sampled or not, and each variable that a function uses costs
    its callers some microseconds a call: hence two variables, and as few ops as will do.

    Args:
        nonfinite_samples: how many steps with a loss that is not finite are to be sampled.
    """

    def __init__(self, nonfinite_samples: int) -> None:
        # Steps done; samples of steps with a loss that is not finite still to take; whether a
        # gradient (1) or an update (0) makes a step; and gradients.
        self.counters = hidden_variable(np.array([0, nonfinite_samples, 1, 0], np.int64), tf.int64)
        self.by_update = False
        self.losses = hidden_variable(np.zeros(LOSSES, np.float32), tf.float32)
        self._read = 0

    def begin(self) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """In a graph: the number of this step, the samples of non-finite losses left, and what a gradient counts."""
        step, left, counts, _ = tf.unstack(self.counters.read_value())
        return step, left, counts

    def write(self, step: tf.Tensor, loss: tf.Tensor, broken: tf.Tensor, counts: tf.Tensor) -> None:
        """In a graph: the step's loss is known; `broken` says that it costs one of the samples left.

        Where several gradients are accumulated for one update, the last of their losses is kept.
        """
        slot = tf.reshape(tf.math.floormod(step, tf.constant(LOSSES, tf.int64)), [1])
        scatter = gen_resource_variable_ops.resource_scatter_update
        # The host may look at any moment: a step counts only once its loss is there.
        with tf.control_dependencies([scatter(self.losses.handle, slot, tf.reshape(loss, [1]))]):
            change = tf.stack([counts, -tf.cast(broken, tf.int64), tf.constant(0, tf.int64), tf.constant(1, tf.int64)])
            self.counters.assign_add(change, read_value=False)

    def count_updates(self) -> bool:
        """From now on a step is done when `advance` is called, not at each gradient.

        Gradients that were counted and not read yet are the first step, which is not done.

        Returns:
            Whether there were such gradients: what was observed of them belongs to the first step too.
        """
        if self.by_update:
            return False
        self.by_update = True
        with tf.init_scope():
            counted = int(value_of(self.counters)[0])
            unread = bool(counted) and not self._read
            if unread:
                last = value_of(self.losses)[(counted - 1) % LOSSES]
                self.losses.assign(np.full(LOSSES, last, np.float32), read_value=False)
                self.counters.assign_sub(np.array([counted, 0, 0, 0], np.int64), read_value=False)
            self.counters.assign_sub(np.array([0, 0, 1, 0], np.int64), read_value=False)
        return unread

    def gradients(self) -> int:
        """On the host: how many gradients were computed."""
        return int(value_of(self.counters)[3])

    def done(self) -> int:
        """On the host: how many steps were counted."""
        return int(value_of(self.counters)[0])

    def waiting(self) -> int:
        """On the host: how many steps were counted since the last look."""
        return int(value_of(self.counters)[0]) - self._read

    def advance(self) -> None:
        """In a graph or eagerly: the variables are updated."""
        self.counters.assign_add(np.array([1, 0, 0, 0], np.int64), read_value=False)

    def read(self) -> tuple[int, np.ndarray]:
        """On the host: the number of the first step since the last call, and the losses from it on.

        Of more than `LOSSES` steps the first are lost.
        """
        count = int(value_of(self.counters)[0])
        first = max(self._read, count - LOSSES)
        self._read = count
        if first == count:
            return count, np.zeros(0, np.float32)
        return first, value_of(self.losses)[np.arange(first, count) % LOSSES]


class Ring:
    """The last rows that a graph wrote, with the step of each.

    Args:
        rows: how many are kept.
        width: numbers in a row.
    """

    def __init__(self, rows: int, width: int) -> None:
        self.rows, self.width = rows, width
        self.values = hidden_variable(np.zeros((rows, width), np.float32), tf.float32)
        # The step of each row, and last how many were written.
        self.steps = hidden_variable(np.zeros(rows + 1, np.int64), tf.int64)
        self._read = 0

    def write(self, step: tf.Tensor, row: tf.Tensor) -> None:
        """In a graph: append a row of shape (width,)."""
        count = self.steps.read_value()[self.rows]
        slot = tf.reshape(tf.math.floormod(count, tf.constant(self.rows, tf.int64)), [1])
        scatter = gen_resource_variable_ops.resource_scatter_update
        # The host may look at any moment: a row counts only once it is there.
        with tf.control_dependencies([scatter(self.values.handle, slot, tf.reshape(row, [1, self.width]))]):
            places = tf.concat([slot, tf.constant([self.rows], tf.int64)], 0)
            scatter(self.steps.handle, places, tf.stack([step, count + 1]))

    def restart(self) -> None:
        """On the host: rows that were written are of the first step."""
        steps = value_of(self.steps)
        steps[: self.rows] = 0
        self.steps.assign(steps, read_value=False)

    def read(self) -> list[tuple[int, np.ndarray]]:
        """On the host: the (step, row) pairs written since the last call; overwritten ones are lost."""
        steps = value_of(self.steps)
        count = int(steps[self.rows])
        if count == self._read:
            return []
        first = max(self._read, count - self.rows)
        self._read = count
        values = value_of(self.values)
        return [(int(steps[index % self.rows]), values[index % self.rows].copy()) for index in range(first, count)]


@contextlib.contextmanager
def own_ops() -> Iterator[None]:
    """In a graph: ops of ours, which no tape sees, in a scope of their own.

    They are placed by TensorFlow: within a replica the script's device would be asked for, where the variables that
    they write are not.
    """
    with record.stop_recording(), tf.name_scope("doctor"), tf.device(None), _calls_as_traced():
        yield


@contextlib.contextmanager
def _calls_as_traced() -> Iterator[None]:
    """In a graph: calls of functions that TensorFlow does not rewrite first.

    Each of ours is a few reductions, of which nothing can be saved, and would cost some 50 ms at the first step.
    """
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    runtime = context.context()
    before = runtime.function_call_options
    runtime.function_call_options = context.FunctionCallOptions(before.executor_type, config)
    try:
        yield
    finally:
        runtime.function_call_options = before


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
