"""Rule: every step trains on the same batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import fresh_iterator, seeded_again
from doctor.rules.base import Result, Rule, share
from doctor.rules.row_sets import row_sets
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class RepeatedBatch(Rule):
    """Every step trains on the same batch, though there is more data.

    What it is:
        The iterator is made anew in every step, a slice does not depend on the step, a generator
        returns where it should yield on.

    Why it matters:
        The model learns one batch by heart. The loss falls nicely, and all other data might as well
        not be there.

    How it is measured:
        The rows of each observed batch are hashed. It fires where at least `min_batches` batches
        were observed, all of the same rows, while the arrays or the pipeline that they come from
        hold at least `min_more` times as many rows. Full batches are meant.

    Example:
        for step in range(1000):
            x, y = next(iter(dataset))

    Use instead:
        for x, y in dataset.repeat().take(1000):
            ...

    References:
        https://www.tensorflow.org/guide/data#consuming_numpy_arrays
    """

    fault: ClassVar[str] = "pipeline-order"

    #: Fewer batches may be alike by chance, in tiny data.
    min_batches: int = 10
    #: As many rows there must be, for each of the batch.
    min_more: float = 1.5
    #: A batch of fewer different rows can hardly be told from another: inputs that are all alike.
    min_rows: int = 2
    #: Rows of a batch that are hashed at most.
    hashed: int = 64

    def check(self, view: SubjectView) -> Iterator[Result]:
        batches = self._batches(view)
        if len(batches) < self.min_batches:
            return
        kinds = len(set(batches))
        size = view.batch_size or 0.0
        if not size:
            return  # data that stands in the graph itself: it may be all there is
        # Labels of a chosen part, as of some nodes of a graph, beside inputs that are all there.
        size = max(size, self._fed(view))
        if kinds > 1 or len(batches[0]) < max(self.min_rows, 0.5 * min(size, self.hashed)):
            if kinds > 1:
                yield self.ruled_out(f"{kinds} different batches were seen at {len(batches)} steps")
            return
        rows = self._rows(view, size)
        if rows < self.min_more * size:
            return
        place = fresh_iterator(view.recording) or seeded_again(view.recording)
        yield self.finding(
            view,
            severity=Severity.ERROR if view.judgement.eval_accuracy is None or (view.gap or 0) > 0.1
            or view.judgement.failing else Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title="Every step trains on the same batch",
            message=(
                f"At all {len(batches)} observed steps the batch has the same {size:.0f} rows, while there are "
                f"{rows:.0f}: {share(1 - size / rows)} of the data is never seen."
            ),
            site=view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("different batches", None, 1.0, float(len(batches))),),
            fixes=(
                Fix("Make the iterator once, before the loop", "for x, y in dataset.repeat().take(steps):", place)
                if place is not None else Fix("Take other rows at each step"),
            ),
        )  # fmt: skip

    def _batches(self, view: SubjectView) -> list[frozenset[int]]:
        """The hashes of inputs and labels of each observed training batch."""
        found: list[frozenset[int]] = []
        for site in view.sites("rows"):
            if site.attributes.get("of") != "batches" or site.subject != view.subject.key:
                continue
            rows = view.recording.rows(site.key)
            starts = np.flatnonzero(rows["position"] == 0)
            for part in np.split(rows, starts[1:]) if len(starts) else ():
                found.append(frozenset(part["inputs"].tolist()))
        return found

    def _fed(self, view: SubjectView) -> float:
        """Rows of the inputs at each step, 0 where that is not known."""
        shapes = [list(site.attributes.get("shape") or []) for site in view.sites("input")]
        return max((float(shape[0]) for shape in shapes if len(shape) > 1 and shape[0]), default=0.0)

    def _rows(self, view: SubjectView, size: float) -> float:
        """Rows of all the training data, 0 where that is not known."""
        arrays = [float(one.rows) for one in row_sets(view, "train") if one.array is not None]
        for dataset in view.sites("dataset", None):
            if dataset.attributes.get("used_for") == "train":
                for stage in dataset.attributes.get("chain") or ():
                    if stage.get("stage") == "batch" and stage.get("elements"):
                        arrays.append(float(stage["elements"]) * size)
        return max(arrays, default=0.0)
