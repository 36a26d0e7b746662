"""Labels, predictions and columns of one eager batch, counted in NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

import numpy as np

if TYPE_CHECKING:
    from doctor.capture.tensorflow.taps import CountTap


#: Vectors that describe the columns of a matrix; `graph_taps.py` computes them in this order.
COLUMNS = ("column_mean", "column_std", "column_min", "column_max", "column_nonfinite")


def by_class(output: np.ndarray, label: np.ndarray, tap: CountTap) -> Iterator[tuple[str, str, np.ndarray]]:
    """(site, name, vector) of the labels by class, the predictions by class, [correct, total], and hits by class."""
    output = output.astype(np.float32, copy=False)
    if not tap.classes:
        yield from _errors(output, label, tap)
        return
    if tap.encoding == "binary":
        threshold = 0.0 if tap.takes == "logits" else 0.5
        predicted = (output.reshape(-1) > threshold).astype(np.int64)
        truth = np.rint(np.nan_to_num(label.astype(np.float32).reshape(-1))).astype(np.int64)
    else:
        predicted = output.reshape(-1, output.shape[-1]).argmax(axis=-1)
        if tap.encoding == "one-hot":
            truth = label.reshape(-1, label.shape[-1]).argmax(axis=-1)
        else:
            truth = label.reshape(-1).astype(np.int64)
    inside = (truth >= 0) & (truth < tap.classes)
    yield tap.label_site, "class_counts", np.bincount(truth[inside], minlength=tap.classes).astype(float)
    yield tap.output_site, "predicted_counts", np.bincount(
        np.clip(predicted, 0, tap.classes - 1), minlength=tap.classes
    ).astype(float)
    if len(predicted) == len(truth):
        hit = predicted == truth
        yield tap.output_site, "correct", np.array([float(hit.sum()), float(len(truth))])
        yield tap.output_site, "hits", np.bincount(truth[inside & hit], minlength=tap.classes).astype(float)


def _errors(output: np.ndarray, label: np.ndarray, tap: CountTap) -> Iterator[tuple[str, str, np.ndarray]]:
    """[squared errors, squared distances of the labels from their mean in each column, values]."""
    if output.size != label.size or label.dtype.kind not in "fiub" or not label.size:
        return
    truth = label.astype(np.float64).reshape(label.shape if label.ndim == output.ndim > 1 else (-1, 1))
    with np.errstate(all="ignore"):
        wrong = float(((output.astype(np.float64).reshape(truth.shape) - truth) ** 2).sum())
        spread = float(((truth - truth.mean(axis=0)) ** 2).sum())
    yield tap.output_site, "errors", np.array([wrong, spread, float(label.size)])


def columns(values: np.ndarray) -> dict[str, np.ndarray]:
    """The statistics COLUMNS of each column of a matrix."""
    with np.errstate(all="ignore"):
        matrix = values.astype(np.float64)
        statistics = (
            matrix.mean(axis=0),
            matrix.std(axis=0),
            matrix.min(axis=0),
            matrix.max(axis=0),
            (~np.isfinite(matrix)).sum(axis=0),
        )
    return dict(zip(COLUMNS, statistics))
