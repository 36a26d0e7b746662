"""Rule: pictures of different classes have become the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.buffers import cut_to_whole
from doctor.reading.chains import made_at
from doctor.reading.step_kinds import may_empty, transforms
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.row_sets import RowSet, row_sets
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class CollapsedRows(Rule):
    """Many examples are equal to one of another class: what tells them apart is lost.

    What it is:
        Fractions that are written into an array of whole numbers, a scale that rounds all values to a few, a crop that
        leaves the background: pictures become nearly empty, and many of them the same.

    Why it matters:
        Of two equal examples with different labels one is wrong whatever the model says. Something is learned all
        the same, so that it looks like a model that is too weak.

    How it is measured:
        The rows of the arrays that are trained on, where they have two axes or more, by their hashes together with
        those of their labels. It fires where `min_share` of them equal another one whose label is a different
        class, and the most frequent label of equal rows is wrong for `min_lost` of all. Copies that were made on
        purpose have their label with them. Not asked of numbers of words, nor of rows of less than `min_values` values:
        the last three bits of a sequence are the same again and again, and noise changes what follows them.

    Example:
        scaled = np.zeros_like(images)  # of uint8
        for i, image in enumerate(images):
            scaled[i] = image / 255

    Use instead:
        scaled = images.astype("float32") / 255

    References:
        https://numpy.org/doc/stable/user/basics.creation.html
    """

    fault: ClassVar[str] = "degenerate-feature"

    #: Share of the rows: noise in labels is known to be less, and only a part of pictures have copies.
    min_share: float = 0.1
    #: Share of the rows that no model gets right; half of those that are paired with another class.
    min_lost: float = 0.05
    #: Rows that must have been looked at.
    min_rows: int = 100
    #: Values of a row, below which equal rows are to be expected: sixteen bits make 65,536 different ones.
    min_values: int = 16

    def check(self, view: SubjectView) -> Iterator[Result]:
        sets = [one for one in row_sets(view, "train") if self._suits(view, one)]
        if not sets:
            return
        rows = max(sets, key=_conflicting)
        found = _conflicting(rows)
        assert rows.array is not None
        low, high, mean = (float(rows.array.attributes[name]) for name in ("min", "max", "mean"))
        if found < self.min_share or _lost(rows) < self.min_lost:
            yield self.ruled_out(f"{share(found)} of the rows of {rows.name} equal one of another class")
            return
        place = cut_to_whole(view.recording, rows.array) or made_at(
            view.recording, rows.array, lambda step: may_empty(step) and transforms(step)
        )
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="Examples of different classes have become the same",
            message=(
                f"{share(found)} of {len(rows.inputs):,} rows of {rows.name} equal another row that has another "
                f"label: no model can tell them apart. The values lie between {number(low)} and {number(high)}, with a "
                f"mean of {number(mean)}."
            ),
            site=rows.array,
            location=place or rows.site.location,
            onset=0,
            evidence=(Evidence(f"rows of {rows.name} that equal one of another class", None, found, self.min_share,
                               "share"),),
            fixes=(Fix("Scale in floating point, and look at a few rows just before the training", "", place),),
        )  # fmt: skip

    def _suits(self, view: SubjectView, rows: RowSet) -> bool:
        if rows.array is None or rows.share_bits or len(rows.inputs) < self.min_rows or not rows.both.any():
            return False
        facts, relation = rows.array.attributes, rows.site.attributes.get("relation") or {}
        # Of the class of a picture there is one; other labels may well be drawn for the same inputs.
        shape = facts.get("shape") or ()
        pictures = len(shape) >= 3 and relation.get("kind") == "classes" and math.prod(shape[1:]) >= self.min_values
        embedded = any(site.attributes.get("role") == "embedding" for site in view.variables)
        known = all(isinstance(facts.get(name), (int, float)) for name in ("min", "max", "mean"))
        return pictures and known and not embedded


def _conflicting(rows: RowSet) -> float:
    """Share of the rows that equal a row of another label."""
    _, which, counts = np.unique(rows.inputs, return_inverse=True, return_counts=True)
    _, pairs = np.unique(rows.both, return_inverse=True)
    kinds = np.zeros(len(counts), np.int64)
    np.add.at(kinds, np.unique(np.stack([which, pairs]), axis=1)[0], 1)
    return float((kinds[which] > 1).mean())


def _lost(rows: RowSet) -> float:
    """Share of the rows whose label is not the most frequent one of the rows that equal them."""
    pairs, counts = np.unique(np.stack([rows.inputs, rows.both], axis=1), axis=0, return_counts=True)
    _, which = np.unique(pairs[:, 0], return_inverse=True)
    largest = np.zeros(which.max() + 1, np.int64)
    np.maximum.at(largest, which, counts)
    return 1.0 - float(largest.sum() / counts.sum())
