"""Rule: batches that arrive sorted by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.fed import shuffled_within
from doctor.reading.shuffles import order_thrown_away
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, number
from doctor.rules.batches import MIN_STEPS, misleading, variety
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class Unshuffled(Rule):
    """The batches arrive sorted by class, because the order is never shuffled.

    What it is:
        The data is stored class by class and is read in that order, without a shuffle or with
        one whose buffer is far smaller than a class.

    Why it matters:
        Every batch teaches one answer. The model swings from class to class and forgets the
        last one; the loss looks excellent within a class and terrible at each change.

    How it is measured:
        The entropy of the class counts of a single batch, mean over the observed steps,
        against that of all batches together. Batches drawn at random reach nearly all of it.
        It fires below `min_share`, an error unless the run trains well all the same: where no
        evaluation shows that it does, the loss of such batches proves nothing.

    Example:
        dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)

    Use instead:
        dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(32)

    References:
        Bengio 2012, Practical Recommendations, https://arxiv.org/abs/1206.5533
    """

    fault: ClassVar[str] = "unshuffled"
    needs: ClassVar[frozenset[str]] = frozenset({"label"})

    #: Smallest share of the overall entropy that a batch holds. Sixteen examples of ten equally
    #: frequent classes, drawn at random, hold 0.85 of it.
    min_share: float = 0.4
    #: Part of its gain in accuracy that a sound run may lose in evaluation.
    max_gap: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        label = view.label
        assert label is not None
        mixing = variety(view)
        if mixing is None:
            seen = len(list(view.recording.vectors(label.key, "class_counts")))
            if 0 < seen < MIN_STEPS:
                yield self.not_checked(view, f"class counts of {seen} steps, {MIN_STEPS} needed")
            return
        if mixing.in_turn:
            return
        within, overall = mixing.within, mixing.overall
        share = within / overall
        if share >= self.min_share:
            yield self.ruled_out(f"a batch holds {100 * share:.0f} % of the variety of classes of the whole run")
            return
        yield self.finding(
            view,
            severity=Severity.WARNING
            if view.judgement.training and not misleading(view, self.max_gap)
            else Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The batches arrive sorted by class",
            message=(
                f"A batch holds {number(np.exp(within))} classes on average (exponential of the "
                "entropy of its labels), the "
                f"batches together {number(np.exp(overall))}."
            ),
            site=label,
            location=order_thrown_away(view.recording)
            or shuffled_within(view.recording, view.sites("source", None))
            or _batch_line(view) or _fed_at(view) or label.location,
            evidence=(Evidence("label/entropy of a batch over that of all", None, share, self.min_share, "share"),),
            fixes=(
                Fix(
                    "Shuffle before batching, with a buffer as large as the data", ".shuffle(len(x))", _batch_line(view)
                ),
            ),
        )


def _batch_line(view: SubjectView) -> Location | None:
    """Where the training data is batched."""
    for dataset in view.sites("dataset", None):
        if dataset.attributes.get("used_for") == "eval":
            continue
        for stage in dataset.attributes.get("chain") or ():
            place = stage.get("location")
            if stage.get("stage") == "batch" and place:
                return Location.of(place)
        return dataset.location
    fit = view.first_site("fit")
    return argument(view.recording, fit.location, ("shuffle",)) if fit is not None else None


def _fed_at(view: SubjectView) -> Location | None:
    """Where a loop of the script's own is given the arrays that its batches were found to be rows of."""
    arrays = [one for one in view.sites("array") if one.attributes.get("role") in ("x", "y")]
    return arrays[0].location if arrays and view.subject.attributes.get("style") != "fit" else None
