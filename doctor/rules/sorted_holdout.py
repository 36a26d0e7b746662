"""Rule: what is held out are classes that were not trained on, because the data is sorted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.baseline import class_counts
from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, share
from doctor.rules.labels import fractions
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
        that were never trained on, though by their share `min_expected` training labels would be of
        each and `min_seen` held-out ones are; with `validation_split` also where, of all the labels
        that it cut off, half the sum of the differences of the shares is above `max_distance`.

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
    #: Training labels that a class would have by its share among the held-out ones: all miss it once in e^10 runs.
    min_expected: float = 10.0
    #: Held-out labels of a class that its share is known from: of many classes each may be there once.
    min_seen: int = 5
    #: Fewer labels may be without a class by chance.
    min_rows: int = 20

    def check(self, view: SubjectView) -> Iterator[Result]:
        if len(view.recording.subjects) > 1:
            yield self.not_checked(view, "of several models, which was evaluated is not known")
            return
        fit = view.first_site("fit")
        split = fit is not None and fit.attributes.get("validation_split")
        # A few batches of what is held out, in its order, may be of one kind: of a split all of it is known.
        counted = tuple(class_counts(view.recording, view.subject, one) for one in ("train", "eval"))
        # Prices in whole dollars are no classes, though each of them is there a few times.
        whole = self._cut(view, float(split)) if split and counted[0] is not None else None
        trained, held = whole or counted
        if fractions(view) is not None:
            return  # the loss cut the labels off: see label-mismatch
        encodings = {site.attributes.get("encoding") for phase in ("train", "eval")
                     for site in view.recording.sites_of("label", view.subject.key, phase)}  # fmt: skip
        if whole is None and "binary" in encodings and len(encodings) > 1:
            return  # yes and no of each class in training, classes in an evaluation: they are not the same counts
        if trained is None or held is None or min(trained.sum(), held.sum()) < self.min_rows:
            return
        width = max(len(trained), len(held))
        trained, held = (np.pad(one, (0, width - len(one))) for one in (trained, held))
        expected = held / held.sum() * trained.sum()
        missing = (trained == 0) & (held >= self.min_seen) & (expected >= self.min_expected)
        unseen = float(held[missing].sum() / held.sum())
        distance = float(np.abs(trained / trained.sum() - held / held.sum()).sum() / 2)
        if unseen <= self.max_unseen and not (whole is not None and distance > self.max_distance):
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

    def _cut(self, view: SubjectView, split: float) -> tuple[FloatArray, FloatArray] | None:
        """Labels by class of the rows that `validation_split` leaves and of those that it cuts off, if known."""
        arrays = [one for one in view.sites("array", None) if one.attributes.get("classes")]
        given = next((one for one in arrays if one.attributes.get("role") == "y"), None)
        if given is None:
            return None
        rows = int(given.attributes["shape"][0])
        size = rows - math.floor(rows * (1 - split))
        parts = (one for one in arrays if one.attributes.get("role") == "y_val" and one.attributes["shape"][0] == size)
        part = next(parts, None)
        if part is None:
            return None
        names = sorted(given.attributes["classes"], key=float)
        whole, held = (
            np.asarray([float(one.attributes["classes"].get(name, 0)) for name in names]) for one in (given, part)
        )
        return (whole - held, held) if (whole >= held).all() else None
