"""The statistics of tensors, computed inside a graph: the twin of `doctor/capture/statistics.py`.

One function is traced once and called for every tapped tensor, since tracing the
reductions anew would cost about 12 ms a tensor.

A sample is a few dozen passes over all weights, gradients, updates and activations of the model, 35 ns a value. Of
large tensors only those passes are taken that reduce one at once, and the rest of an evenly spread part of its rows:
two fifths to a tenth of the cost, see `_estimate` and benchmarks/README.md.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Iterator, Sequence

import numpy as np
import tensorflow as tf

from doctor.types import FLAT, HISTOGRAM_BINS, STAT_FIELDS, STAT_INDEX

#: Length of the vector that describes one tensor.
WIDTH = len(STAT_FIELDS) + HISTOGRAM_BINS

#: Values that are copied side by side, at most, to be measured together: 4 MB.
STACKED = 1 << 20

#: Values above which a tensor is measured in part: shares of the part below have a standard error of 0.6 %.
LARGE = 1 << 14
#: Values of that part, and its fewest rows: what is said of a unit is said over them.
PART, PART_ROWS = 1 << 13, 32
#: Mean square below which float32 loses digits, or a tensor is zero: it is measured as a whole.
FAINT = 1e-24
#: Share of the mean square that the variance may be, before the difference of two large numbers loses its digits.
CANCELLED = 1e-3
#: Multiples of the golden ratio, without their whole part, lie evenly in 0..1, and meet no period of the data.
GOLDEN = 0.6180339887498949

#: Smallest divisor: below it float32 loses digits.
_TINY = 1e-37

_functions: tuple[Any, Any] | None = None


def summaries(tensors: Sequence[tf.Tensor]) -> tf.Tensor:
    """Statistics and histogram of each tensor, shape (len(tensors), WIDTH), float32.

    Small tensors of one shape are stacked and measured together: a call of the function costs more than they do.
    """
    stacks, large = _traced()
    matrices = [as_matrix(tensor) for tensor in tensors]
    groups = list(_groups([matrix.shape for matrix in matrices]))
    vectors = []
    for group in groups:
        size = matrices[group[0]].shape.num_elements()
        if size is None or size > LARGE:
            vectors.append(large(matrices[group[0]]))
        else:
            vectors.append(stacks(tf.stack([matrices[number] for number in group])))
    rows = tf.concat(vectors, 0)
    places = np.argsort([number for group in groups for number in group])
    return rows if (places == np.arange(len(places))).all() else tf.gather(rows, places)


def _traced() -> tuple[Any, Any]:
    """The functions of a stack of small matrices, and of a single one."""
    global _functions
    if _functions is None:
        with tf.init_scope():
            stacks = _concrete(_summarise, rank=3)
            _functions = stacks, _concrete(functools.partial(_summarise_large, small=stacks), rank=2)
    return _functions


def _concrete(function: Callable[[tf.Tensor], tf.Tensor], rank: int) -> Any:
    return tf.function(
        function,
        input_signature=[tf.TensorSpec([None] * rank, tf.float32)],
        autograph=False,
        # Inlined, every call would be optimised anew: 90 ms a tensor at the first run.
        experimental_attributes={"_noinline": True},
    ).get_concrete_function()


def _groups(shapes: Sequence[tf.TensorShape]) -> Iterator[list[int]]:
    """Numbers of the tensors that are measured together, each once."""
    open_groups: dict[tuple[int, ...], list[int]] = {}
    for number, shape in enumerate(shapes):
        size = shape.num_elements()
        if size is None or size > LARGE:
            yield [number]
            continue
        group = open_groups.setdefault(tuple(shape.as_list()), [])
        group.append(number)
        if (len(group) + 1) * size > STACKED:
            yield open_groups.pop(tuple(shape.as_list()))
    yield from open_groups.values()


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


def _summarise(stack: tf.Tensor) -> tf.Tensor:
    # Every pass over the values counts. Most tensors need no mask.
    return tf.cond(
        tf.math.is_finite(tf.reduce_sum(stack)),
        lambda: _measure(stack, None),
        lambda: _measure(stack, tf.math.is_finite(stack)),
    )


def _summarise_large(matrix: tf.Tensor, small: Callable[[tf.Tensor], tf.Tensor]) -> tf.Tensor:
    rows, units = tf.unstack(tf.shape(matrix))
    size = tf.cast(rows * units, tf.float32)
    squares = 2 * tf.nn.l2_loss(matrix)
    count = tf.maximum(PART // tf.maximum(units, 1), PART_ROWS)
    # What is not finite, or overflows, makes the sum of squares so.
    sound = tf.math.is_finite(squares) & (squares > FAINT * size)
    return tf.cond(
        sound & (size > LARGE) & (rows >= 2 * count),
        lambda: _estimate(matrix, squares, count),
        lambda: small(matrix[tf.newaxis]),  # traced already
    )


def _estimate(matrix: tf.Tensor, squares: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """The vector of a large matrix of finite values, shape (1, WIDTH).

    Exact are size, extremes, mean, norm and dead units, and the deviation up to rounding; the histogram and all else
    is that of `count` rows. What makes another tensor of this size first, as the absolute mean would, costs most.
    """
    size = tf.cast(tf.size(matrix), tf.float32)
    most, least = tf.reduce_max(matrix, axis=0), tf.reduce_min(matrix, axis=0)
    low, high = tf.reduce_min(least), tf.reduce_max(most)
    mean, norm = tf.reduce_sum(matrix) / size, tf.sqrt(squares)
    variance = squares / size - tf.square(mean)
    part = tf.gather(matrix, _spread_evenly(count, tf.shape(matrix)[0]))
    vector = _measure(part[tf.newaxis], None, (low[tf.newaxis], high[tf.newaxis]))
    whole = {
        "size": size,
        "min": low,
        "max": high,
        "mean": mean,
        "norm": norm,
        "dead_unit_share": tf.reduce_mean(tf.cast(tf.equal(most, 0.0) & tf.equal(least, 0.0), tf.float32)),
    }
    of_part = tf.unstack(vector[0, : len(STAT_FIELDS)])
    precise = variance > CANCELLED * squares / size
    whole["std"] = tf.where(precise, tf.sqrt(tf.maximum(variance, 0.0)), of_part[STAT_INDEX["std"]])
    # Of rows that are nearly all zero the part may hold none of the others: sum |x| >= sqrt(sum x^2).
    whole["abs_mean"] = tf.maximum(of_part[STAT_INDEX["abs_mean"]], norm / size)
    statistics = tf.stack([whole.get(name, one) for name, one in zip(STAT_FIELDS, of_part)])
    counts = vector[0, len(STAT_FIELDS) :] * (size / tf.cast(tf.size(part), tf.float32))
    return tf.concat([statistics, counts], 0)[tf.newaxis]


def _spread_evenly(count: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """Numbers of `count` rows of a matrix that has `rows`."""
    numbers = tf.cast(tf.range(count), tf.float64)
    share = tf.math.floormod((numbers + 0.5) * GOLDEN, tf.constant(1.0, tf.float64))
    return tf.minimum(tf.cast(share * tf.cast(rows, tf.float64), tf.int32), rows - 1)


def _measure(
    stack: tf.Tensor, finite: tf.Tensor | None, extremes: tuple[tf.Tensor, tf.Tensor] | None = None
) -> tf.Tensor:
    """The vectors of matrices, shape (matrices, WIDTH).

    Args:
        stack: the matrices.
        finite: marks the values that count, None stands for all.
        extremes: what the histogram ranges over, where that is not the values' own range.
    """
    matrices, examples, units = tf.unstack(tf.shape(stack))
    size = tf.fill([matrices], tf.cast(examples * units, tf.float32))
    if finite is None:
        count, nan, clean = size, tf.zeros_like(size), stack
        smallest, greatest = _least(stack), _greatest(stack)
    else:
        count = _total(tf.cast(finite, tf.float32))
        nan = _total(tf.cast(tf.math.is_nan(stack), tf.float32))
        clean = tf.where(finite, stack, tf.zeros([]))
        smallest = _least(tf.where(finite, stack, stack.dtype.max))
        greatest = _greatest(tf.where(finite, stack, stack.dtype.min))
    some = count > 0
    low, high = tf.where(some, smallest, 0.0), tf.where(some, greatest, 0.0)
    absolute = tf.abs(clean)
    largest = tf.maximum(tf.abs(low), tf.abs(high))
    # Scaled, so that the squares of large values do not overflow.
    scaled = clean / _wide(tf.maximum(largest, _TINY))
    mean = tf.math.divide_no_nan(_total(scaled), count)
    centred = scaled - _wide(mean) if finite is None else tf.where(finite, scaled - _wide(mean), tf.zeros([]))

    def share(mask: tf.Tensor) -> tf.Tensor:
        return tf.math.divide_no_nan(_total(tf.cast(mask, tf.float32)), count)

    def norm(values: tf.Tensor) -> tf.Tensor:
        return tf.sqrt(_total(tf.square(values)))

    def spread(axis: int) -> tf.Tensor:
        """Mean of the standard deviations along `axis`."""
        length = tf.cast(tf.shape(stack)[axis], tf.float32)
        middle = tf.reduce_sum(scaled, axis=axis, keepdims=True) / length
        squares = tf.reduce_sum(tf.math.squared_difference(scaled, middle), axis=axis)
        return tf.reduce_mean(tf.sqrt(squares / length), axis=1)

    def of_units(mask: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.cast(mask, tf.float32), axis=1)

    sums = tf.reduce_sum(clean, axis=2)
    flat_low, flat_high = clean < FLAT, clean > 1 - FLAT
    values = {
        "size": size,
        "nan_count": nan,
        "inf_count": size - count - nan,
        "min": low,
        "max": high,
        "mean": largest * mean,
        "std": largest * tf.math.divide_no_nan(norm(centred), tf.sqrt(count)),
        "abs_mean": largest * tf.math.divide_no_nan(_total(tf.abs(scaled)), count),
        "norm": largest * norm(scaled),
        "zero_share": share(tf.equal(stack, 0.0)),
        "dead_unit_share": of_units(tf.equal(tf.reduce_max(absolute, axis=1), 0.0)),
        "unit_std": largest * spread(1),
        "example_std": largest * spread(2),
        "low_share": share(flat_low if finite is None else flat_low & finite),
        "high_share": share(flat_high),
        "negative_high_share": share(clean < FLAT - 1),
        "stuck_sigmoid_share": of_units(tf.reduce_all(flat_low | flat_high, axis=1)),
        "stuck_tanh_share": of_units(tf.reduce_min(absolute, axis=1) > 1 - FLAT),
        "row_sum_min": tf.reduce_min(sums, axis=1),
        "row_sum_max": tf.reduce_max(sums, axis=1),
    }
    usable = (examples > 0) & (units > 0) & some
    statistics = tf.stack(
        [
            values[name] if name in ("size", "nan_count", "inf_count") else tf.where(usable, values[name], 0.0)
            for name in STAT_FIELDS
        ],
        axis=1,
    )
    return tf.concat([statistics, _histograms(clean, finite, *(extremes or (low, high)))], 1)


def _histograms(clean: tf.Tensor, finite: tf.Tensor | None, low: tf.Tensor, high: tf.Tensor) -> tf.Tensor:
    """Counts, shape (matrices, HISTOGRAM_BINS)."""
    # Halves, since `high - low` may overflow; an empty range puts everything into the first bin.
    low, high = _wide(low), _wide(high)
    position = tf.math.divide_no_nan(clean / 2 - low / 2, high / 2 - low / 2)
    index = tf.minimum(tf.cast(position * HISTOGRAM_BINS, tf.int32), HISTOGRAM_BINS - 1)
    if finite is not None:
        index = tf.where(finite, index, HISTOGRAM_BINS)  # a bin more, which is left out
    # Five times as fast as a segment sum, and unlike histogram_fixed_width it compiles under XLA.
    bins, matrices = HISTOGRAM_BINS + 1, tf.shape(clean)[0]
    index += tf.reshape(bins * tf.range(matrices), [-1, 1, 1])
    counts = tf.raw_ops.Bincount(arr=tf.reshape(index, [-1]), size=bins * matrices, weights=tf.zeros([0]))
    return tf.reshape(counts, [-1, bins])[:, :HISTOGRAM_BINS]


def _wide(values: tf.Tensor) -> tf.Tensor:
    """A value of each matrix, so that it meets all values of it."""
    return tf.reshape(values, [-1, 1, 1])


def _total(stack: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(stack, axis=[1, 2])


def _least(stack: tf.Tensor) -> tf.Tensor:
    return tf.reduce_min(stack, axis=[1, 2])


def _greatest(stack: tf.Tensor) -> tf.Tensor:
    return tf.reduce_max(stack, axis=[1, 2])
