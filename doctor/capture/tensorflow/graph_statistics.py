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
    one = tf.constant(1.0)
    size = tf.cast(tf.size(matrix), tf.float32)
    finite = tf.math.is_finite(matrix)
    kept = tf.cast(finite, tf.float32)
    count = tf.reduce_sum(kept)
    nan = tf.reduce_sum(tf.cast(tf.math.is_nan(matrix), tf.float32))
    clean = tf.where(finite, matrix, tf.zeros_like(matrix))
    some = count > 0
    low = tf.where(some, tf.reduce_min(tf.where(finite, matrix, tf.fill(tf.shape(matrix), matrix.dtype.max))), 0.0)
    high = tf.where(some, tf.reduce_max(tf.where(finite, matrix, tf.fill(tf.shape(matrix), matrix.dtype.min))), 0.0)
    mean = tf.math.divide_no_nan(tf.reduce_sum(clean), count)
    absolute = tf.abs(clean)
    largest = tf.reduce_max(tf.concat([[0.0], [tf.where(some, tf.reduce_max(absolute), 0.0)]], 0))
    centred = tf.where(finite, clean - mean, tf.zeros_like(clean))

    def share(mask: tf.Tensor) -> tf.Tensor:
        return tf.math.divide_no_nan(tf.reduce_sum(tf.cast(mask & finite, tf.float32)), count)

    def norm(values: tf.Tensor, scale: tf.Tensor) -> tf.Tensor:
        # Scaled first, so that the squares of large values do not overflow.
        scaled = tf.math.divide_no_nan(values, scale)
        return scale * tf.sqrt(tf.reduce_sum(tf.square(scaled)))

    def spread(axis: int) -> tf.Tensor:
        return largest * tf.reduce_mean(tf.math.reduce_std(tf.math.divide_no_nan(clean, largest), axis=axis))

    examples, units = tf.shape(matrix)[0], tf.shape(matrix)[1]
    filled = (examples > 0) & (units > 0)
    sums = tf.reduce_sum(clean, axis=1)
    flat_sigmoid = (clean < FLAT) | (clean > 1 - FLAT)
    values = {
        "size": size,
        "nan_count": nan,
        "inf_count": size - count - nan,
        "min": low,
        "max": high,
        "mean": mean,
        "std": tf.math.divide_no_nan(norm(centred, tf.reduce_max(tf.abs(centred))), tf.sqrt(count)),
        "abs_mean": tf.math.divide_no_nan(tf.reduce_sum(absolute), count),
        "norm": norm(clean, largest),
        "zero_share": share(tf.equal(clean, 0.0)),
        "dead_unit_share": tf.reduce_mean(tf.cast(tf.equal(tf.reduce_max(absolute, axis=0), 0.0), tf.float32)),
        "unit_std": spread(0),
        "example_std": spread(1),
        "low_share": share(clean < FLAT),
        "high_share": share(clean > 1 - FLAT),
        "negative_high_share": share(clean < FLAT - 1),
        "stuck_sigmoid_share": tf.reduce_mean(tf.cast(tf.reduce_all(flat_sigmoid, axis=0), tf.float32)),
        "stuck_tanh_share": tf.reduce_mean(tf.cast(tf.reduce_all(absolute > 1 - FLAT, axis=0), tf.float32)),
        "row_sum_min": tf.reduce_min(sums),
        "row_sum_max": tf.reduce_max(sums),
    }
    usable = filled & some
    statistics = tf.stack(
        [
            values[name] if name in ("size", "nan_count", "inf_count") else tf.where(usable, values[name], 0.0)
            for name in STAT_FIELDS
        ]
    )
    width = (high - low) / HISTOGRAM_BINS
    position = tf.math.divide_no_nan(clean - low, width * one)
    index = tf.cast(tf.clip_by_value(position, 0.0, HISTOGRAM_BINS - 1.0), tf.int32)
    # Compiles under XLA, where a bincount with weights and a histogram_fixed_width do not.
    counts = tf.math.unsorted_segment_sum(tf.reshape(kept, [-1]), tf.reshape(index, [-1]), HISTOGRAM_BINS)
    return tf.concat([statistics, counts], 0)
