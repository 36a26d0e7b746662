"""The statistics of one tensor, computed inside a graph: the twin of `doctor/capture/statistics.py`.

One function is traced once and called for every tapped tensor, since tracing the
reductions anew would cost about 12 ms a tensor.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from doctor.types import FLAT, HISTOGRAM_BINS, STAT_FIELDS

#: Length of the vector that describes one tensor.
WIDTH = len(STAT_FIELDS) + HISTOGRAM_BINS

#: Smallest divisor: below it float32 loses digits.
_TINY = 1e-37

_function: Any = None


def summary(tensor: tf.Tensor) -> tf.Tensor:
    """Statistics and histogram of a tensor, shape (WIDTH,), float32."""
    global _function
    if _function is None:
        with tf.init_scope():
            _function = tf.function(
                _summarise,
                input_signature=[tf.TensorSpec([None, None], tf.float32)],
                autograph=False,
                # Inlined, every call would be optimised anew: 90 ms a tensor at the first run.
                experimental_attributes={"_noinline": True},
            ).get_concrete_function()
    return _function(as_matrix(tensor))


def as_matrix(tensor: tf.Tensor) -> tf.Tensor:
    """A tensor as float32 (examples, units); a vector or scalar is one example."""
    values = tf.cast(tensor, tf.float32)
    rank = values.shape.rank
    if rank == 2:
        return values
    if rank is None:
        return tf.reshape(values, [1, -1])
    if rank < 2:
        return tf.reshape(values, [1, -1])
    return tf.reshape(values, [-1, tf.shape(values)[-1]])


def _summarise(matrix: tf.Tensor) -> tf.Tensor:
    # Every pass over the values counts: a sample is a few dozen passes over all weights,
    # gradients, updates and activations of the model. Most tensors need no mask.
    return tf.cond(
        tf.math.is_finite(tf.reduce_sum(matrix)),
        lambda: _measure(matrix, None),
        lambda: _measure(matrix, tf.math.is_finite(matrix)),
    )


def _measure(matrix: tf.Tensor, finite: tf.Tensor | None) -> tf.Tensor:
    """The vector of a matrix; `finite` marks the values that count, None stands for all."""
    size = tf.cast(tf.size(matrix), tf.float32)
    if finite is None:
        count, nan, clean = size, tf.zeros([]), matrix
        smallest, greatest = tf.reduce_min(matrix), tf.reduce_max(matrix)
    else:
        count = tf.reduce_sum(tf.cast(finite, tf.float32))
        nan = tf.reduce_sum(tf.cast(tf.math.is_nan(matrix), tf.float32))
        clean = tf.where(finite, matrix, tf.zeros([]))
        smallest = tf.reduce_min(tf.where(finite, matrix, matrix.dtype.max))
        greatest = tf.reduce_max(tf.where(finite, matrix, matrix.dtype.min))
    some = count > 0
    low, high = tf.where(some, smallest, 0.0), tf.where(some, greatest, 0.0)
    absolute = tf.abs(clean)
    largest = tf.maximum(tf.abs(low), tf.abs(high))
    # Scaled, so that the squares of large values do not overflow.
    scaled = clean / tf.maximum(largest, _TINY)
    mean = tf.math.divide_no_nan(tf.reduce_sum(scaled), count)
    centred = scaled - mean if finite is None else tf.where(finite, scaled - mean, tf.zeros([]))

    def share(mask: tf.Tensor) -> tf.Tensor:
        return tf.math.divide_no_nan(tf.reduce_sum(tf.cast(mask, tf.float32)), count)

    def norm(values: tf.Tensor) -> tf.Tensor:
        return tf.sqrt(2.0 * tf.nn.l2_loss(values))

    def spread(axis: int) -> tf.Tensor:
        """Mean of the standard deviations along `axis`."""
        length = tf.cast(tf.shape(matrix)[axis], tf.float32)
        middle = tf.reduce_sum(scaled, axis=axis, keepdims=True) / length
        squares = tf.reduce_sum(tf.math.squared_difference(scaled, middle), axis=axis)
        return tf.reduce_mean(tf.sqrt(squares / length))

    examples, units = tf.shape(matrix)[0], tf.shape(matrix)[1]
    sums = tf.reduce_sum(clean, axis=1)
    flat_low, flat_high = clean < FLAT, clean > 1 - FLAT
    values = {
        "size": size,
        "nan_count": nan,
        "inf_count": size - count - nan,
        "min": low,
        "max": high,
        "mean": largest * mean,
        "std": largest * tf.math.divide_no_nan(norm(centred), tf.sqrt(count)),
        "abs_mean": largest * tf.math.divide_no_nan(tf.reduce_sum(tf.abs(scaled)), count),
        "norm": largest * norm(scaled),
        "zero_share": share(tf.equal(matrix, 0.0)),
        "dead_unit_share": tf.reduce_mean(tf.cast(tf.equal(tf.reduce_max(absolute, axis=0), 0.0), tf.float32)),
        "unit_std": largest * spread(0),
        "example_std": largest * spread(1),
        "low_share": share(flat_low if finite is None else flat_low & finite),
        "high_share": share(flat_high),
        "negative_high_share": share(clean < FLAT - 1),
        "stuck_sigmoid_share": tf.reduce_mean(tf.cast(tf.reduce_all(flat_low | flat_high, axis=0), tf.float32)),
        "stuck_tanh_share": tf.reduce_mean(tf.cast(tf.reduce_min(absolute, axis=0) > 1 - FLAT, tf.float32)),
        "row_sum_min": tf.reduce_min(sums),
        "row_sum_max": tf.reduce_max(sums),
    }
    usable = (examples > 0) & (units > 0) & some
    statistics = tf.stack(
        [
            values[name] if name in ("size", "nan_count", "inf_count") else tf.where(usable, values[name], 0.0)
            for name in STAT_FIELDS
        ]
    )
    return tf.concat([statistics, _histogram(clean, finite, low, high)], 0)


def _histogram(clean: tf.Tensor, finite: tf.Tensor | None, low: tf.Tensor, high: tf.Tensor) -> tf.Tensor:
    # Halves, since `high - low` may overflow; an empty range puts everything into the first bin.
    position = tf.math.divide_no_nan(clean / 2 - low / 2, high / 2 - low / 2)
    index = tf.minimum(tf.cast(position * HISTOGRAM_BINS, tf.int32), HISTOGRAM_BINS - 1)
    if finite is not None:
        index = tf.where(finite, index, HISTOGRAM_BINS)  # a bin more, which is left out
    # Five times as fast as a segment sum, and unlike histogram_fixed_width it compiles under XLA.
    counts = tf.raw_ops.Bincount(arr=tf.reshape(index, [-1]), size=HISTOGRAM_BINS + 1, weights=tf.zeros([0]))
    return counts[:HISTOGRAM_BINS]
