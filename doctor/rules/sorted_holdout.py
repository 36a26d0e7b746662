"""Rule: what is held out are classes that were not trained on, because the data is sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.values import argument
from doctor.rules.view import SubjectView
from doctor.types import FloatArray


@dataclass(frozen=True)
class SortedHoldout(Rule):
    """The validation part holds other classes than the training part: the data was split as it is sorted.

    What it is:
        `validation_split`, or a cut by hand, takes the last rows, and the rows stand class by
        class. `shuffle=True` mixes what is left for training, after the cut.

    Why it matters:
        The model is asked for classes that it has never seen, and misses classes that it should
        have learned: validation is far below training, and looks like overfitting.

    How it is measured:
        The class counts of the batches that were trained on against those of the held-out labels. It
        fires where more than `max_unseen` of at least `min_rows` held-out labels are of classes
        that at least `min_rows` training labels do not hold; with `validation_split` also where half
        the sum of the differences of the shares is above `max_distance`.

    Example:
        model.fit(x, y, validation_split=0.3)  # x and y sorted by class

    Use instead:
        order = rng.permutation(len(x))
        model.fit(x[order], y[order], validation_split=0.3)

    References:
        https://keras.io/api/models/model_training_apis/ (validation_split: the last samples)
    """

    fault: ClassVar[str] = "unshuffled"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label"})

    #: Share of held-out labels whose class was never trained on: of 50 rows drawn at random a rare class may be one.
    max_unseen: float = 0.3
    #: Total variation between the class shares: two halves of 20 rows drawn at random stay below 0.4.
    max_distance: float = 0.6
    #: Fewer labels may be without a class by chance.
    min_rows: int = 20

    def check(self, view: SubjectView) -> Iterator[Result]:
        if len(view.recording.subjects) > 1:
            yield self.not_checked(view, "of several models, which was evaluated is not known")
            return
        trained, held = self._counts(view, "train"), self._counts(view, "eval")
        if trained is None or held is None or min(trained.sum(), held.sum()) < self.min_rows:
            return
        width = max(len(trained), len(held))
        trained, held = (np.pad(one, (0, width - len(one))) for one in (trained, held))
        unseen = float(held[trained == 0].sum() / held.sum())
        distance = float(np.abs(trained / trained.sum() - held / held.sum()).sum() / 2)
        fit = view.first_site("fit")
        split = fit is not None and fit.attributes.get("validation_split")
        if unseen <= self.max_unseen and not (split and distance > self.max_distance):
            yield self.ruled_out(f"{share(unseen)} of the held-out labels are of classes that were not trained on")
            return
        line = argument(view.recording, fit.location, ("validation_split",)) if fit is not None and split else None
        names = ", ".join(str(number) for number in np.flatnonzero(held)[:5])
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The held-out rows are of other classes than the training rows: the data is sorted",
            message=(
                f"The held-out labels are of class {names} (the most frequent has {share(held.max() / held.sum())} of "
                f"them); {share(unseen)} of them are of classes that were not trained on at all. The rows were cut "
                "off as they stand."
            ),
            site=view.label,
            location=line or (fit.location if fit is not None else view.subject.location),
            onset=0,
            evidence=(
                Evidence("held-out labels of classes not trained on", None, unseen, self.max_unseen, "share"),
                Evidence("distance between the class shares", None, distance, self.max_distance, "share"),
            ),
            fixes=(
                Fix("Shuffle inputs and labels by one order before the cut",
                    "order = np.random.default_rng(0).permutation(len(x))\nx, y = x[order], y[order]"),
            ),
        )  # fmt: skip

    def _counts(self, view: SubjectView, phase: str) -> FloatArray | None:
        """Labels by class over the observed batches, shape (classes,)."""
        rows = [
            values
            for site in view.recording.sites_of("label", phase=phase)
            if site.subject in ("", view.subject.key)
            for _, values in view.recording.vectors(site.key, "class_counts")
        ]
        if not rows:
            return None
        width = max(len(one) for one in rows)
        total: FloatArray = np.sum([np.pad(one, (0, width - len(one))) for one in rows], axis=0)
        return total
