"""Rule: the rows that are trained on are all the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.buffers import appended_itself
from doctor.reading.chains import made_at
from doctor.reading.step_kinds import may_empty, transforms
from doctor.rules.base import Result, Rule
from doctor.rules.row_sets import RowSet, row_sets
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class OneRow(Rule):
    """Every row of the inputs is a copy of the same one.

    What it is:
        A list is filled with one buffer that is overwritten for each example, so that all its entries are what the
        buffer held last; a batch is made by repeating a row; an index is never advanced.

    Why it matters:
        Examples of every class look alike. No model can tell them apart, and the best answer is the same for all.

    How it is measured:
        The rows of the arrays, or of the observed batches, that are trained on are hashed. It fires where at least
        `min_rows` of them are one and the same, and no other is among them. Rows of zeros are degenerate-feature's.

    Example:
        windows.append(buffer)

    Use instead:
        windows.append(buffer.copy())

    References:
        https://docs.python.org/3/faq/programming.html#why-did-changing-list-y-also-change-list-x
    """

    fault: ClassVar[str] = "degenerate-feature"

    #: Rows from which on it is no chance, and no check of a model on a single example.
    min_rows: int = 32

    def check(self, view: SubjectView) -> Iterator[Result]:
        sets = [one for one in row_sets(view, "train", used=True) if one.share_bits == 0]
        alike = [one for one in sets if len(one.inputs) >= self.min_rows and len(np.unique(one.inputs)) == 1]
        if not alike or not self._told(alike, view) or self._constant(view):
            if sets:
                yield self.ruled_out("the rows that are trained on differ")
            return
        rows = alike[0]
        found = appended_itself(view.recording, rows.array)
        itself = found[0] if found is not None else None
        place = itself or made_at(view.recording, rows.array, lambda step: may_empty(step) and transforms(step))
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"All rows of {rows.name} are the same",
            message=(
                f"{len(rows.inputs):,} rows that the model is trained on were looked at, and they are copies of one."
                + (f" Line {itself.line} adds the same array to the list each time, not what it holds at that moment."
                   if itself is not None else "")
            ),
            site=rows.array or rows.site,
            location=place or rows.site.location,
            onset=0,
            evidence=(Evidence(f"rows of {rows.name} that differ from the first", None, 0.0, 1.0),),
            fixes=(
                Fix("Add a copy of it", found[1], itself)
                if found is not None
                else Fix("Print a few rows of the inputs just before the training, and follow them back"),
            ),
        )  # fmt: skip

    def _told(self, alike: list[RowSet], view: SubjectView) -> bool:
        """Whether the rows have several labels: one example that is shown on purpose has one."""
        label = view.label
        seen = view.recording.vectors(label.key, "class_counts") if label is not None else ()
        counts = [values for _, values in seen]
        if counts:
            return int((np.sum(counts, axis=0) > 0).sum()) > 1
        return any(len(np.unique(one.both)) > 1 for one in alike)

    def _constant(self, view: SubjectView) -> bool:
        """Whether the row itself is one number: a stand-in for inputs of a model that needs none."""
        for site in view.sites("input"):
            low, high = (view.series("input", site, name, sound=False).values for name in ("min", "max"))
            if len(low) and float(low[0]) < float(high[0]):
                return False
        return True
