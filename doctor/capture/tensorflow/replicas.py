"""Replicas of a distribution strategy: several copies of a step, of which the first is watched.

Each replica takes its share of a batch, and what is applied is the sum of their gradients. So a loss is divided by
the batch of all replicas, or by their number, and what one of them computes is a part of the step's loss.
"""

from __future__ import annotations

import threading

import tensorflow as tf

from doctor.capture.tensorflow.trace import Key, Trace

#: For the recording's list of what was not captured.
NOT_SEEN = "the model trains in {} replicas; statistics, rows and scores are those of the first one of this process"


def inside() -> bool:
    """Whether this thread runs a replica: a mirrored strategy has a thread for each, which take turns."""
    return hasattr(threading.current_thread(), "replica_id")


def aside() -> bool:
    """Whether this thread runs a replica other than the first of its process."""
    return bool(getattr(threading.current_thread(), "replica_id", 0))


def count() -> int:
    """How many replicas take the step that is being run or traced; 1 without a strategy."""
    if not inside():
        return 1  # asking TensorFlow costs some microseconds a step
    here = tf.distribute.get_replica_context()
    return int(here.num_replicas_in_sync) if here is not None else 1


def factor(trace: Trace, loss: Key, replicas: int) -> int:
    """By what the loss of one replica is multiplied to be that of the batch, as far as one replica tells.

    A plain mean over the rows of a replica was not divided by the number of replicas.
    """
    if replicas == 1:
        return 1
    producer = trace.producer.get(trace.back(loss))
    return 1 if producer is not None and producer.op == "Mean" else replicas
