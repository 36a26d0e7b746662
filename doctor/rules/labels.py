"""What values the labels have, whole arrays of them where these are known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class LabelValues:
    """The range of the labels that were seen.

    Attributes:
        low, high: smallest and largest.
        whole: all are whole numbers.
        distinct: how many different ones, None where unknown or too many.
        even: no value is much rarer than the others, as classes of a collection are; ratings and counts are uneven.
        array: they come from, or None.
    """

    low: float
    high: float
    whole: bool
    distinct: int | None
    even: bool
    array: Site | None


def label_array(view: SubjectView) -> Site | None:
    """The only array of training labels, or None."""
    arrays = [one for one in view.sites("array") if one.attributes.get("role") == "y"]
    return arrays[0] if len(arrays) == 1 and len(view.recording.subjects) == 1 else None


def label_values(view: SubjectView) -> LabelValues | None:
    """The values of the labels of the (first) loss; None where none were observed."""
    label = view.label
    if label is None:
        return None
    low = view.series("label", label, "min", sound=False).finite()
    high = view.series("label", label, "max", sound=False).finite()
    if not len(low):
        return None
    smallest, largest = float(low.values.min()), float(high.values.max())
    array = label_array(view)
    if array is not None and not _same(array, smallest, largest):
        array = None  # the script changed them on the way
    whole = all(float(value).is_integer() for value in (*low.values, *high.values))
    counts: np.ndarray | None = None
    if array is not None:
        classes = array.attributes.get("classes")
        several = len(array.attributes.get("shape") or ()) > 1  # only single columns have their values counted
        integers = str(array.attributes.get("dtype", "")).startswith(("int", "uint", "bool"))
        whole = bool(classes) or integers or (several and whole and _whole_sums(view, label))
        counts = np.asarray(list(classes.values()), dtype=float) if classes else None
    else:
        whole = whole and _whole_sums(view, label)
    even = counts is not None and bool(counts.min() > 0.3 * counts.mean())
    return LabelValues(smallest, largest, whole, len(counts) if counts is not None else None, even, array)


def _whole_sums(view: SubjectView, label: Site) -> bool:
    """Whether the labels of every observed batch add up to a whole number, but for rounding in single precision."""
    means = view.series("label", label, "mean", sound=False).finite()
    sizes = view.series("label", label, "size", sound=False).finite()
    if len(means) != len(sizes):
        return True
    totals = means.values * sizes.values
    return bool(np.all(np.abs(totals - np.rint(totals)) < 1e-3 + 2e-6 * np.abs(totals)))


def fractions(view: SubjectView) -> tuple[float, float] | None:
    """The least and largest label that the script handed over, where they are no whole numbers."""
    array, values = label_array(view), label_values(view)
    if array is None or values is None or len(columns := list(array.attributes.get("shape") or ())) > 2:
        return None
    low, high = array.attributes.get("min"), array.attributes.get("max")
    if low is None or high is None or (float(low).is_integer() and float(high).is_integer()):
        return None
    # What the loss saw of a single column is that column, cut off.
    same = (values.low, values.high) == (math.trunc(low), math.trunc(high))
    return (float(low), float(high)) if same and columns[1:] in ([], [1]) else None


def reconstructs(view: SubjectView) -> bool:
    """Whether the labels are the inputs themselves, as those of an autoencoder are."""
    label, data = view.label, view.first_site("input")
    if label is None or data is None:
        return False
    pairs = [
        (view.series("label", label, name, sound=False), view.series("input", data, name, sound=False))
        for name in ("min", "max", "mean", "std")
    ]
    return all(
        len(one) > 0 and one.steps.tolist() == other.steps.tolist()
        and np.allclose(one.values, other.values, rtol=1e-4, equal_nan=True)
        for one, other in pairs
    )  # fmt: skip


def names_several(view: SubjectView) -> bool:
    """Whether the labels are columns of yes or no, of which an example may have several yeses."""
    label, output = view.label, view.output
    if label is None or output is None or label.attributes.get("encoding") == "index":
        return False
    shape, units = list(label.attributes.get("shape") or ()), output.attributes.get("units")
    if len(shape) != 2 or not units or shape[1] != units:  # else places of a sequence
        return False
    low, high, sums, mean, size = (
        view.series("label", label, name, sound=False).finite().values
        for name in ("min", "max", "row_sum_max", "mean", "size")
    )
    if not len(sums) or len(mean) != len(size) or low.min() != 0 or high.max() != 1:
        return False
    # Shares that are smoothed or mixed sum up to 1; of whole yeses the total is a whole number.
    totals = mean * size
    return float(sums.max()) > 1.5 and bool(np.all(np.abs(totals - np.rint(totals)) < 1e-3 + 2e-6 * totals))


def numbers_of_classes(values: LabelValues, least: int = 3, most: int = 30) -> bool:
    """Whether labels are the numbers 0 to K - 1 of `least` to `most` classes, as far as was seen."""
    if not values.whole or values.low != 0 or not least <= values.high + 1 <= most:
        return False
    return values.distinct is None or values.distinct == values.high + 1


def _same(array: Site, low: float, high: float) -> bool:
    least, most = array.attributes.get("min"), array.attributes.get("max")
    if least is None or most is None:
        return False
    room = 1e-4 * max(abs(least), abs(most), 1e-6)
    inside = least - room <= low and high <= most + room
    return inside and math.isclose(most - least, high - low, rel_tol=0.5, abs_tol=room)


def empty_rows(view: SubjectView) -> float | None:
    """The share of one-hot labels without a class: tf.one_hot leaves numbers beyond its depth at zero."""
    label = view.label
    if label is None or label.attributes.get("encoding") != "one-hot":
        return None
    if (view.output.attributes.get("units") if view.output is not None else None) == 1:
        return None  # a column of answers
    low = view.series("label", label, "row_sum_min", sound=False)
    high = view.series("label", label, "row_sum_max", sound=False)
    mean = view.series("label", label, "mean", sound=False)
    widths = [len(values) for _, values in view.recording.vectors(label.key, "class_counts")]
    if not len(low) or float(low.values.min()) != 0 or float(high.values.max()) != 1:
        return None
    sizes = view.series("label", label, "size", sound=False).values
    # A last batch of few counts for little.
    return 1 - float(np.average(mean.values, weights=sizes)) * widths[0] if widths else 0.0


def counted_from_one(view: SubjectView) -> bool:
    """Whether no one-hot label is of the first class, while all others occur: an empty row counts as of the first."""
    rows = [values for _, values in view.recording.vectors(view.label.key, "class_counts")] if view.label else []
    if not rows or len({len(row) for row in rows}) != 1:
        return False
    counts = np.sum(rows, axis=0)
    empty = (empty_rows(view) or 0.0) * float(counts.sum())
    return len(counts) > 1 and abs(counts[0] - empty) < 0.5 + 0.01 * empty and bool((counts[1:] > 0).all())
