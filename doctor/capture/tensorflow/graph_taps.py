"""Taps of one traced graph: what is measured in it, where it is left, how it is read back."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any, Callable

import numpy as np
import tensorflow as tf

from doctor.capture.tensorflow import counts, graph_statistics, images
from doctor.capture.tensorflow.buffers import SLOTS, Ring, joined
from doctor.capture.tensorflow.taps import CountTap, Tap, Taps
from doctor.capture.tensorflow.trace import Key
from doctor.types import STAT_FIELDS, ImageObservation, Observation, ScalarObservation, TensorStats, VectorObservation


#: Gradients and updates that a measurement may hold on to at once. The step alone frees each as soon as it is applied.
PART_BYTES = 32 << 20

#: Steps whose columns are looked at: they do not change much, the first batches tell.
COLUMN_STEPS = 16

_DATA = ("input", "label")


@dataclass
class Measurement:
    """One tensor that is measured inside a graph.

    Attributes:
        compute: in the graph: a vector of `width` numbers; of `statistics`, the tensor itself.
        deliver: on the host: (step, vector) to observations.
        statistics: whether its statistics are taken, which is done for many tensors together.
        bytes: of the tensor, where it lives for the measurement only.
        until: the step from which on it is not taken any more, None for never.
    """

    width: int
    compute: Callable[[], tf.Tensor]
    deliver: Callable[[int, np.ndarray], list[Any]]
    statistics: bool = False
    bytes: int = 0
    until: int | None = None

    def in_graph(self, step: tf.Tensor) -> tf.Tensor:
        """In the graph: its vector, zeros where it is not taken any more."""
        if self.until is None:
            return self.compute()
        width = self.width
        return tf.cond(step < self.until, self.compute, lambda: tf.zeros([width]))


@dataclass
class TapSet:
    """Measurements that are taken together, and the ring that holds them.

    Attributes:
        forward: whether these are a training step's forward pass (and not its updates).
    """

    measurements: list[Measurement] = field(default_factory=list)
    forward: bool = False
    ring: Ring | None = None

    def parts(self) -> list[TapSet]:
        """The same in several sets, each of which holds on to a part of the tensors of a large model only."""
        parts, room = [TapSet(forward=self.forward)], PART_BYTES
        for one in self.measurements:
            if one.bytes > room and parts[-1].measurements:
                parts.append(TapSet())
                room = PART_BYTES
            parts[-1].measurements.append(one)
            room -= one.bytes
        return parts

    def build(self) -> None:
        """Make the ring, once all measurements are known."""
        self.measurements.sort(key=lambda one: one.statistics)  # in a row at the end of what is kept
        self.ring = Ring(SLOTS, sum(one.width for one in self.measurements))

    def write(self, step: tf.Tensor) -> None:
        """In the graph: measure and keep."""
        assert self.ring is not None
        rows = [one.in_graph(step) for one in self.measurements if not one.statistics]
        tensors = [one.compute() for one in self.measurements if one.statistics]
        if tensors:
            rows.append(graph_statistics.summaries(tensors))
        self.ring.write(step, joined(rows))

    def read(self) -> list[tuple[int, list[Any]]]:
        """On the host: (step, observations) of every sample since the last call."""
        if self.ring is None:
            return []
        samples = []
        for step, row in self.ring.read():
            observations: list[Any] = []
            start = 0
            for one in self.measurements:
                if one.until is None or step < one.until:
                    observations.extend(one.deliver(step, row[start : start + one.width]))
                start += one.width
            samples.append((step, observations))
        return samples


def scalar_of(name: str, subject: str, tensor: tf.Tensor) -> Measurement:
    """A number of a subject."""

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        return [ScalarObservation(step, subject, name, float(row[0]))]

    return Measurement(1, lambda: tf.reshape(tf.cast(tensor, tf.float32), [1]), deliver)


def statistics_of(role: str, site: str, tensor: Callable[[], tf.Tensor], like: Any = None) -> Measurement:
    """All statistics of a tensor; `like` a tensor of its size that is kept alive for it."""

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        count = len(STAT_FIELDS)
        stats = TensorStats(row[:count].astype(np.float64), row[count:].astype(np.float64))
        return [Observation(step, role, site, stats)]

    held = 0 if like is None else like.dtype.size * (like.shape.num_elements() or 0)
    return Measurement(graph_statistics.WIDTH, tensor, deliver, statistics=True, bytes=held)


def split(measurements: list[Measurement]) -> tuple[list[Measurement], list[Measurement]]:
    """Those that are no statistics of a tensor, and those that are."""
    return [one for one in measurements if not one.statistics], [one for one in measurements if one.statistics]


def measurements_of(taps: Taps, tensors: dict[Key, tf.Tensor]) -> list[Measurement]:
    """What a forward pass's taps measure."""
    return [*data_measurements(taps, tensors), *network_measurements(taps, tensors)]


def network_measurements(taps: Taps, tensors: dict[Key, tf.Tensor]) -> list[Measurement]:
    """What is measured of activations and outputs."""
    found = [one for tap in taps.tensors if tap.role not in _DATA for one in _statistics(tap, tensors)]
    for pair in taps.counts:
        measure = _counts if pair.classes else _errors
        found.append(measure(pair, tensors[pair.output], tensors[pair.label]))
    for tap in taps.attention:
        look = functools.partial(tap.in_graph, tensors[tap.weights], tensors[tap.tokens])
        found.append(Measurement(2, look, tap.of_row))
    for spread in taps.spreads:
        look = functools.partial(spread.in_graph, tensors[spread.output], tensors[spread.label])
        found.append(Measurement(2, look, spread.of_row))
    return found


def data_measurements(taps: Taps, tensors: dict[Key, tf.Tensor]) -> list[Measurement]:
    """What is measured of inputs and labels."""
    found = [one for tap in taps.tensors if tap.role in _DATA for one in _statistics(tap, tensors)]
    for tap in taps.columns:
        found.append(_columns(tap.site, tensors[tap.tensor]))
    for tap in taps.images:
        shape = images.image_shape(tensors[tap.tensor].shape.as_list())
        if shape is not None:
            found.append(_images(tap.site, tensors[tap.tensor], shape))
    for rows in taps.rows:
        found.append(Measurement(rows.size, functools.partial(rows.in_graph, tensors), rows.of_row))
    for pairs in taps.pairs:
        found.append(Measurement(pairs.size, functools.partial(pairs.in_graph, tensors), pairs.of_row))
    return found


def _statistics(tap: Tap, tensors: dict[Key, tf.Tensor]) -> list[Measurement]:
    tensor = tensors.get(tap.tensor)
    if tensor is None or not (tensor.dtype.is_floating or tensor.dtype.is_integer or tensor.dtype.is_bool):
        return []
    return [statistics_of(tap.role, tap.site, functools.partial(tf.identity, tensor))]


def _images(site: str, tensor: tf.Tensor, shape: tuple[int, int, int]) -> Measurement:
    width = images.COUNT * math.prod(shape)

    def compute() -> tf.Tensor:
        # A batch may hold fewer: its first image is then shown again.
        rows = tf.minimum(tf.range(images.COUNT), tf.maximum(tf.shape(tensor)[0] - 1, 0))
        return tf.reshape(tf.cast(tf.gather(tensor, rows), tf.float32), [width])

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        return [ImageObservation(step, site, row.astype(np.float64).reshape(images.COUNT, *shape))]

    return Measurement(width, compute, deliver)


def _columns(site: str, tensor: tf.Tensor) -> Measurement:
    width = int(tensor.shape[1])

    def compute() -> tf.Tensor:
        matrix = tf.cast(tensor, tf.float32)
        return joined(
            [
                tf.reduce_mean(matrix, axis=0),
                tf.math.reduce_std(matrix, axis=0),
                tf.reduce_min(matrix, axis=0),
                tf.reduce_max(matrix, axis=0),
                tf.reduce_sum(1 - tf.cast(tf.math.is_finite(matrix), tf.float32), axis=0),
            ]
        )

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        return [
            VectorObservation(step, site, name, row[i * width : (i + 1) * width].astype(np.float64))
            for i, name in enumerate(counts.COLUMNS)
        ]

    return Measurement(len(counts.COLUMNS) * width, compute, deliver, until=COLUMN_STEPS)


def _errors(tap: CountTap, output: tf.Tensor, label: tf.Tensor) -> Measurement:
    """[squared errors, squared distances of the labels from their mean in each column, values], as `counts.py`."""
    whole = label.shape.rank == output.shape.rank and (label.shape.rank or 0) > 1

    def compute() -> tf.Tensor:
        same = tf.equal(tf.size(output), tf.size(label))
        values = tf.cast(label, tf.float32)
        truth = values if whole else tf.reshape(values, [-1, 1])
        pairs = tf.minimum(tf.size(output), tf.size(label))
        flat = tf.reshape(tf.cast(output, tf.float32), [-1])[:pairs] - tf.reshape(values, [-1])[:pairs]
        spread = tf.reduce_sum(tf.square(truth - tf.reduce_mean(truth, axis=0, keepdims=True)))
        size = tf.cast(tf.size(label), tf.float32)
        return tf.stack([tf.reduce_sum(tf.square(flat)), spread, tf.where(same, size, 0.0)])

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        values = row.astype(np.float64)
        return [VectorObservation(step, tap.output_site, "errors", values)] if values[-1] > 0 else []

    return Measurement(3, compute, deliver)


def _counts(tap: CountTap, output: tf.Tensor, label: tf.Tensor) -> Measurement:
    classes = tap.classes

    def compute() -> tf.Tensor:
        values = tf.cast(output, tf.float32)
        if tap.encoding == "binary":
            predicted = tf.cast(tf.reshape(values, [-1]) > (0.0 if tap.takes == "logits" else 0.5), tf.int32)
            truth = tf.cast(tf.round(tf.reshape(tf.cast(label, tf.float32), [-1])), tf.int32)
        else:
            predicted = tf.reshape(tf.argmax(values, axis=-1, output_type=tf.int32), [-1])
            if tap.encoding == "one-hot":
                truth = tf.reshape(tf.argmax(label, axis=-1, output_type=tf.int32), [-1])
            else:
                truth = tf.reshape(tf.cast(label, tf.int32), [-1])
        inside = (truth >= 0) & (truth < classes)
        same = tf.equal(tf.size(predicted), tf.size(truth))
        pairs = tf.minimum(tf.size(predicted), tf.size(truth))
        hit = tf.cast(tf.equal(predicted[:pairs], truth[:pairs]), tf.float32)
        correct = tf.reduce_sum(hit)
        sorted_in = tf.clip_by_value(truth, 0, classes - 1)
        total = tf.cast(tf.size(truth), tf.float32)
        return joined(
            [
                tf.math.unsorted_segment_sum(tf.cast(inside, tf.float32), sorted_in, classes),
                tf.math.unsorted_segment_sum(
                    tf.ones_like(predicted, tf.float32), tf.clip_by_value(predicted, 0, classes - 1), classes
                ),
                tf.math.unsorted_segment_sum(
                    hit * tf.cast(inside[:pairs], tf.float32), sorted_in[:pairs], classes
                ),
                tf.where(same, correct, 0.0),
                tf.where(same, total, 0.0),
            ]
        )

    def deliver(step: int, row: np.ndarray) -> list[Any]:
        values = row.astype(np.float64)
        found = [
            VectorObservation(step, tap.label_site, "class_counts", values[:classes]),
            VectorObservation(step, tap.output_site, "predicted_counts", values[classes : 2 * classes]),
        ]
        if values[-1] > 0:
            found.append(VectorObservation(step, tap.output_site, "correct", values[-2:]))
            found.append(VectorObservation(step, tap.output_site, "hits", values[2 * classes : 3 * classes]))
        return found

    return Measurement(3 * classes + 2, compute, deliver)
