"""The statistics of one tensor, in NumPy; `tensorflow/graph_statistics.py` is its in-graph twin."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.types import FLAT, HISTOGRAM_BINS, STAT_FIELDS, TensorStats


def as_examples_and_units(array: np.ndarray) -> np.ndarray:
    """`array` as a matrix (examples, units); a vector or scalar is one example."""
    if array.ndim >= 2:
        return array.reshape(-1, array.shape[-1])
    return array.reshape(1, -1)


@np.errstate(all="ignore")  # values that are not finite are counted, not complained about
def summarise(array: Any) -> TensorStats:
    """Statistics and histogram of a tensor of any shape and real dtype.

    Args:
        array: anything that NumPy can view as an array of numbers or booleans.
    """
    values = np.asarray(array)
    if values.dtype != np.float64:
        # Half precision would overflow in the sums; float32 is what is kept.
        values = values.astype(np.float32, copy=False)
    matrix = as_examples_and_units(values)
    result = dict.fromkeys(STAT_FIELDS, 0.0)
    size = matrix.size
    result["size"] = float(size)
    if size == 0:
        return TensorStats(np.array([result[name] for name in STAT_FIELDS]), np.zeros(HISTOGRAM_BINS))

    total = float(matrix.sum(dtype=np.float64)) if size < 4_000_000 else float(matrix.sum())
    finite: Any = True  # a mask for the reductions below, or True where there is nothing to leave out
    count = size
    if not np.isfinite(total):
        mask = np.isfinite(matrix)
        count = int(mask.sum())
        if count < size:
            finite = mask
            result["nan_count"] = float(np.isnan(matrix).sum())
            result["inf_count"] = float(size - count) - result["nan_count"]
            matrix = np.where(mask, matrix, matrix.dtype.type(0))
            total = float(matrix.sum(dtype=np.float64))
    if count == 0:
        return TensorStats(np.array([result[name] for name in STAT_FIELDS]), np.zeros(HISTOGRAM_BINS))

    absolute = np.abs(matrix)
    low, high = _extremes(matrix, finite)
    mean = total / count
    # Two passes: the one-pass formula loses all digits where the mean is large.
    centred = matrix - matrix.dtype.type(mean)
    if finite is not True:
        centred = np.where(finite, centred, 0)
    result.update(
        min=low,
        max=high,
        mean=mean,
        std=_root_mean(centred, count),
        abs_mean=float(absolute.sum(dtype=np.float64)) / count,
        norm=_norm(matrix, float(absolute.max())),
        zero_share=float(np.count_nonzero((matrix == 0) & finite)) / count,
        low_share=float(np.count_nonzero((matrix < FLAT) & finite)) / count,
        high_share=float(np.count_nonzero((matrix > 1 - FLAT) & finite)) / count,
        negative_high_share=float(np.count_nonzero((matrix < FLAT - 1) & finite)) / count,
    )
    sums = matrix.sum(axis=1, dtype=np.float64)
    result.update(
        dead_unit_share=float((absolute.max(axis=0) == 0).mean()),
        unit_std=float(matrix.std(axis=0, dtype=np.float64).mean()),
        example_std=float(matrix.std(axis=1, dtype=np.float64).mean()),
        stuck_sigmoid_share=float(((matrix < FLAT) | (matrix > 1 - FLAT)).all(axis=0).mean()),
        stuck_tanh_share=float((absolute > 1 - FLAT).all(axis=0).mean()),
        row_sum_min=float(sums.min()),
        row_sum_max=float(sums.max()),
    )
    return TensorStats(np.array([result[name] for name in STAT_FIELDS]), _histogram(matrix, finite, low, high))


def _extremes(matrix: np.ndarray, finite: Any) -> tuple[float, float]:
    if finite is True:
        return float(matrix.min()), float(matrix.max())
    kept = matrix[finite]
    return float(kept.min()), float(kept.max())


def _root_mean(centred: np.ndarray, count: int) -> float:
    scale = float(np.abs(centred).max())
    return _norm(centred, scale) / float(np.sqrt(count))


def _norm(matrix: np.ndarray, scale: float) -> float:
    """Euclidean norm, scaled first so that squares of large float32 values do not overflow."""
    if scale == 0 or not np.isfinite(scale):
        return scale
    flat = (matrix / matrix.dtype.type(scale)).ravel()
    return scale * float(np.sqrt(np.dot(flat, flat)))


def _histogram(matrix: np.ndarray, finite: Any, low: float, high: float) -> np.ndarray:
    """Counts in HISTOGRAM_BINS equal bins from `low` to `high`; all in the first where they are equal."""
    kept = matrix.ravel() if finite is True else matrix[finite]
    width = (high - low) / HISTOGRAM_BINS
    if width <= 0 or not np.isfinite(width):
        counts = np.zeros(HISTOGRAM_BINS)
        counts[0] = kept.size
        return counts
    index = np.clip((kept - low) / width, 0, HISTOGRAM_BINS - 1).astype(np.int32)
    return np.bincount(index, minlength=HISTOGRAM_BINS).astype(np.float64)
