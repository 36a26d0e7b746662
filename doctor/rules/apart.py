"""Whether the labels of the training rows have nothing to do with their inputs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np

from doctor.hits import recall_gain
from doctor.loss_facts import loss_is
from doctor.rules.row_sets import RowSet, arrays_and_batches
from doctor.rules.scores import scores
from doctor.rules.view import SubjectView
from doctor.types import Location


#: How often a row is shown, on average, before a model may know it by heart.
FEWEST_TIMES = 3
#: A model that gains more of what a perfect one would has learned something.
MOST_GAIN = 0.5
#: Held-out values that a score must be of.
FEW_VALUES = 60
#: Share of the variance that memory explains of the training rows at least, and of others at most, where that is less
#: than a fifth of it. By chance a rising function explains 0.05 of some 100 values.
MEMORY, ELSEWHERE = 0.15, 0.05


#: Labels that are mixed on purpose, to see what a model makes of them.
_CONTROL = re.compile(r"shuffl(?!e\s*=)|permut|random|control|null|noise", re.IGNORECASE)


@dataclass(frozen=True)
class Apart:
    """Training rows whose labels cannot be guessed from their inputs.

    Attributes:
        rows: of an array, or of the batches.
        sound: rows whose labels can be, of held-out data or of the arrays that batches were made of, or None.
        by_heart: the model fits the training rows and is at chance on others.
    """

    rows: RowSet
    sound: RowSet | None
    by_heart: bool


def apart(view: SubjectView, related: float, min_rows: int) -> Apart | None:
    """The training rows that tell, or None where labels belong to their inputs, or nothing can be said.

    Args:
        view: the subject.
        related: standard errors above chance from which labels belong to their inputs.
        min_rows: fewer rows tell nothing.
    """
    judgement = view.judgement
    by_heart = _by_heart(view)
    slowly = judgement.gain is not None and judgement.gain < MOST_GAIN
    if judgement.by == "steps" or (judgement.training and not by_heart and not slowly):
        return None
    parted = zipped_apart(view)
    if view.recording.head:
        return None
    # Folds of one line are trained on rows of one making; of other trainings only what their own `fit` is given tells.
    elsewhere = len({one.location for one in view.recording.subjects}) > 1 and not parted
    arrays, batches = (
        [one for one in found if one.deviations is not None and (not elsewhere or _given_here(view, one))]
        for found in arrays_and_batches(view, "train")
    )
    if any((one.deviations or 0.0) > 2 * related for one in batches):
        return None  # what was fed belongs together, whatever is said of the arrays (counts taken for classes)
    held = [one for found in arrays_and_batches(view, "eval") for one in found
            if one.deviations is not None and (not elsewhere or _given_here(view, one))]  # fmt: skip
    suspects = [one for one in arrays if _unrelated(one, related) and not _identities(view, one)]
    if arrays and len(suspects) < len(arrays):
        # The arrays are sound, but what becomes of them on the way may not be.
        suspects, held = [], [*(one for one in arrays if one not in suspects), *held]
    # Batches that were made into something else on the way (words into the rows of a frozen table) tell of that.
    widths = {one.site.attributes.get("width") for one in arrays}
    same = [one for one in batches if not widths or one.site.attributes.get("width") in widths]
    # Of several trainings batches may be a control, whose labels are shuffled on purpose.
    several = len(view.recording.subjects) > 1 and not parted
    suspects = suspects or [one for one in same if not several and _unrelated(one, related, held)]
    suspects = [one for one in suspects if one.site.attributes["relation"]["rows"] >= min_rows]
    # Counts are no classes: of neighbours in number neither guess is right, and both are near.
    counts = view.label is not None and view.label.attributes.get("encoding") == "continuous"
    suspects = [one for one in suspects if not counts or (one.site.attributes["relation"].get("classes") or 0) <= 2]
    if not suspects:
        return None
    sound = [one for one in held if (one.deviations or 0.0) > 2 * related]
    if judgement.training and not by_heart:
        # What is gained may be memory: it is, where no more held-out rows show that labels can be guessed. Batches
        # may be changed on the way, so that an image is no neighbour of others of its class.
        count = suspects[0].site.attributes["relation"]["rows"]
        sound = [one for one in sound if one.site.attributes["relation"]["rows"] <= 2 * count]
        if not sound or suspects[0].site.attributes["of"] != "arrays":
            return None
    return Apart(suspects[0], sound[0] if sound else None, by_heart)


def _given_here(view: SubjectView, rows: RowSet) -> bool:
    """Whether rows are of an array that this very training was given, and not as a control of another one."""
    at = rows.site.location
    if rows.array is None or at is None or at != view.subject.location:
        return False
    texts = (str(rows.array.attributes.get("variable") or ""), at.code)
    return not any(_CONTROL.search(text) for text in texts)


def zipped_apart(view: SubjectView) -> bool:
    """Whether a training pipeline zips datasets of which one is shuffled and another is not."""
    return any(any(shuffled) and not all(shuffled) for _, shuffled in _zips(view))


def zip_of_shuffled(view: SubjectView) -> Location | None:
    """Where a training pipeline zips datasets of which any is shuffled: each of them draws an order of its own."""
    return next((place for place, shuffled in _zips(view) if any(shuffled)), None)


def _zips(view: SubjectView) -> Iterator[tuple[Location | None, list[bool]]]:
    """Where training pipelines zip datasets, and which of these are shuffled."""
    for dataset in view.recording.sites_of("dataset"):
        for stage in dataset.attributes.get("chain") or () if dataset.attributes.get("used_for") != "eval" else ():
            yield Location.of(stage.get("location")), ["shuffle" in one for one in stage.get("branches") or ()]


def _identities(view: SubjectView, rows: RowSet) -> bool:
    """Whether inputs are numbers of users, articles and the like, which have no neighbours and no straight line."""
    keys = set(rows.site.attributes.get("inputs") or ())
    arrays = [one for one in view.sites("array", None) if one.key in keys]
    looked_up = any(one.attributes.get("role") == "embedding" for one in view.variables)
    return looked_up and bool(arrays) and all(
        str(one.attributes.get("dtype")).startswith(("int", "uint"))
        and math.prod(list(one.attributes.get("shape") or ())[1:]) == 1
        for one in arrays
    )


def _unrelated(rows: RowSet, related: float, sound: Sequence[RowSet] = ()) -> bool:
    """Whether labels cannot be guessed from inputs, nor half as well as so many of the sound rows would let one."""
    if rows.deviations is None or rows.deviations >= related:
        return False
    count = rows.site.attributes["relation"]["rows"]
    expected = [(one.deviations or 0.0) * math.sqrt(count / one.site.attributes["relation"]["rows"]) for one in sound]
    return rows.deviations < 0.5 * max(expected, default=math.inf)


def _by_heart(view: SubjectView) -> bool:
    """Whether the model trains but does no better than chance on what it has not seen.

    Not in the first passes over the rows, in which nothing can be known by heart. Of few held-out rows the accuracy
    may lie above chance by two standard errors all the same.
    """
    judgement = view.judgement
    share, held, fitted = judgement.majority, judgement.eval_accuracy, judgement.accuracy
    trained = max((one.rows for one in arrays_and_batches(view, "train")[0]), default=0)
    if not judgement.training or judgement.steps * (view.batch_size or math.inf) < FEWEST_TIMES * trained:
        return False
    if judgement.explained is not None:
        squared = loss_is(view.recording, view.subject, "squared_error")
        # The loss is known of every step, the predictions of some.
        return _values_by_heart(view, max(judgement.explained, (judgement.gain or 0.0) if squared else 0.0))
    if held is None and share is not None and fitted is not None:
        return _scored_by_heart(view, fitted, share)
    if share is None or held is None or fitted is None:
        return False
    recall = recall_gain(view.recording, view.subject.key, "eval")
    if recall is not None and recall[0] > max(0.1, recall[1]):
        return False  # of a rare class it finds more than chance does, at the price of false alarms
    arrays, batches = arrays_and_batches(view, "eval")
    # Of a large set only the rows of some batches were seen, each time the same.
    rows = sum(len(np.unique(one.inputs)) for one in batches) or sum(one.rows for one in arrays)
    return _at_chance(held, fitted, share, rows)


def _scored_by_heart(view: SubjectView, fitted: float, share: float) -> bool:
    """The same by what the script scores itself, of rows that it does not train on: the best of it is at chance."""
    scored = [one for one in scores(view, "accuracy_score") if not one.trained_on and one.rows >= FEW_VALUES]
    if not scored:
        return False
    best = max(scored, key=lambda one: one.best)
    return _at_chance(best.best, fitted, max(share, best.majority or 0.0), best.rows)


def _at_chance(held: float, fitted: float, share: float, rows: int) -> bool:
    """Whether an accuracy `held` of so many rows is that of always saying the most frequent class, unlike `fitted`."""
    error = math.sqrt(share * (1 - share) / rows) if rows else 0.0
    return held - share < max(0.1 * (1 - share), 2 * error) and fitted - held > 0.1 * (1 - share)


def _held_by_loss(view: SubjectView) -> float | None:
    """Share of the variance of all held-out labels that is explained in the end, by the squared error that `fit` shows.

    Of the evaluation's own batches only some are seen. None where the loss or the labels are not known.
    """
    shown = view.recording.scalars(view.subject.key, "epoch/val_loss").finite().values
    held = [one for one in view.sites("array") if one.attributes.get("role") == "y_val" and one.attributes.get("std")]
    plain = view.loss is not None and view.loss.attributes.get("keras_loss") == "mean_squared_error"
    if not len(shown) or len(held) != 1 or not plain or len(view.sites("output")) != 1:
        return None
    return float(1 - shown[-1] / held[0].attributes["std"] ** 2)


def _values_by_heart(view: SubjectView, fitted: float) -> bool:
    """The same of values: of their variance, the model explains some where it was trained and none elsewhere."""
    held = _held_by_loss(view)
    held = view.judgement.eval_explained if held is None else held
    if held is None:
        scored = [one.value for one in scores(view, "r2_score") if not one.trained_on and one.rows >= FEW_VALUES]
        held = max(scored, default=None)
    return held is not None and fitted > MEMORY and held < min(ELSEWHERE, fitted / 5)
