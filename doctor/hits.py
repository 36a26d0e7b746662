"""How many predictions are right, and how much better that is than always giving one answer."""

from __future__ import annotations

import math
from typing import Iterable, Iterator

import numpy as np

from doctor.recording import Recording
from doctor.types import FloatArray

#: Accuracy says nothing where one class is this frequent: good models keep predicting it.
IMBALANCED = 0.8
#: Fewest predictions seen before accuracy is believed.
FEWEST_PREDICTIONS = 100
#: Standard errors above the share of the most frequent class up to which predictions are no better than always saying
#: that class, and from which on they are.
AT_CHANCE, BEYOND_CHANCE = 1.5, 3.0
#: Fewest values seen before the errors of a regression are believed.
FEWEST_VALUES = 50


#: What `fit` calls the share of predictions that are the right class. A binary accuracy may be of each value of a row.
_NAMES = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy")


def shown_accuracy(recording: Recording, subject: str, phase: str) -> FloatArray:
    """The accuracy that `fit` shows after each epoch, finite values, shape (epochs,); empty where it shows none."""
    prefix = "epoch/val_" if phase == "eval" else "epoch/"
    found = (recording.scalars(subject, prefix + name).finite().values for name in _NAMES)
    return next((values for values in found if len(values)), np.empty(0))


def late_accuracy(recording: Recording, subject: str, phase: str) -> tuple[float, float] | None:
    """(share of correct predictions, number of predictions) over the last third of the observed steps.

    Of an evaluation only a few batches are observed: where the accuracy that `fit` shows of all of it, in the last
    epoch, is what chance may make of these, it takes their place.
    """
    rows = [row for row in _predictions(recording, subject, phase, "correct") if len(row[1]) >= 2 and row[1][1] > 0]
    if not rows:
        return None
    late = _late([(step, values[:2]) for step, values in rows], FEWEST_PREDICTIONS)
    if late is None:
        return None
    correct, total = late
    share = float(correct / total)
    shown = shown_accuracy(recording, subject, "eval") if phase == "eval" else np.empty(0)
    # Three standard errors, of a share that is neither none nor all.
    near = 3 * (max(share * (1 - share), 1 / total) / total) ** 0.5
    if len(shown) and abs(float(shown[-1]) - share) <= near:
        share = float(shown[-1])
    return share, float(total)


def explained(recording: Recording, subject: str, phase: str) -> float | None:
    """Share of the variance of the labels that the outputs explain, late in the run: 1 - squared errors / variance.

    The variance is that of the training labels: the few held-out batches that are observed may be
    neighbours in time, or of one kind. None where labels are no values, too few were seen, or
    held-out labels are of another scale.
    """
    trained, wanted = _late_errors(recording, subject, "train"), _late_errors(recording, subject, phase)
    if trained is None or wanted is None or trained[1] <= 0 or wanted[2] < FEWEST_VALUES:
        return None
    variance = trained[1] / trained[2]
    if wanted[1] / wanted[2] > 9 * variance:
        return None
    return float(1 - wanted[0] / wanted[2] / variance)


def response(recording: Recording, subject: str) -> float | None:
    """How far outputs of several values differ between rows, late in the run: their variance over that of the labels.

    Each value is held against its own mean over the rows of a batch, so that a picture which is the same for
    every row counts as nothing. The best prediction by squares has as large a share of the variance as it
    explains. None where outputs have a single value, or no label was seen beside them.
    """
    total = _late(_predictions(recording, subject, "train", "row_spread"))
    return None if total is None else float(total[0] / total[1])


def _late_errors(recording: Recording, subject: str, phase: str) -> FloatArray | None:
    """[squared errors, squared distances from the mean, values] over the last third of what was observed."""
    return _late(_predictions(recording, subject, phase, "errors"), FEWEST_VALUES)


def _late(rows: list[tuple[int, FloatArray]], fewest: int = 0) -> FloatArray | None:
    """The sum of the finite vectors in the last third of what was observed.

    Of the last half where their last entry, which counts, comes to fewer: on a busy machine samples lie far apart.
    """
    rows = [row for row in rows if np.isfinite(row[1]).all()]
    if not rows:
        return None
    end, start = max(step for step, _ in rows), min(step for step, _ in rows)
    third, half = (
        np.sum([values for step, values in rows if step >= end - (end - start) / part], axis=0) for part in (3, 2)
    )
    total: FloatArray = third if third[-1] >= fewest else half
    return total


def _predictions(recording: Recording, subject: str, phase: str, name: str) -> list[tuple[int, FloatArray]]:
    """Counts of predictions; of data that the model was fitted to only where no other was evaluated."""
    sites = [site for site in recording.sites_of("output", phase=phase) if site.subject in ("", subject)]
    for known_as in (name, f"fitted_{name}"):
        found = [row for site in sites for row in recording.vectors(site.key, known_as)]
        if found:
            return found
    return []


def accuracy_gained(
    recording: Recording,
    subject: str,
    accuracy: tuple[float, float] | None,
    eval_accuracy: tuple[float, float] | None,
    majority: float | None,
) -> tuple[float | None, str]:
    """The larger gain of training and evaluation accuracy over the majority where it is meaningful, and words for it.

    Args:
        recording: the run.
        subject: key of the subject.
        accuracy, eval_accuracy: what `late_accuracy` gives for the two phases.
        majority: share of the most frequent class.
    """
    if majority is None or majority <= 0:
        return None, ""
    if majority >= IMBALANCED:
        return _recall_gained(recording, subject)
    best: float | None = None
    texts = []
    for name, pair in (("training", accuracy), ("evaluation", eval_accuracy)):
        if pair is None or pair[1] < FEWEST_PREDICTIONS:
            continue
        value, count = pair
        # Of the rows that were seen in evaluation another class, or more of it, may be the most frequent.
        guessed = max(majority, _seen_majority(recording, subject) or 0.0) if name == "evaluation" else majority
        if guessed >= IMBALANCED:
            continue  # the batches that were seen are of one class, as those of sorted files
        # The standard error of a share p over n predictions is sqrt(p (1 - p) / n). Between chance and what chance does
        # not reach nothing is known.
        above = (value - guessed) / math.sqrt(guessed * (1 - guessed) / count)
        if above <= AT_CHANCE or above > BEYOND_CHANCE:
            gain = (value - guessed) / (1 - guessed) if above > BEYOND_CHANCE else 0.0
            best = gain if best is None else max(best, gain)
        own = f" (of which {guessed:.2f} are of one class)" if guessed > majority + 0.05 else ""
        texts.append(f"{name} accuracy {value:.2f}{own}")
    return best, f"{' and '.join(texts)} against {majority:.2f} for the most frequent class" if texts else ""


def _seen_majority(recording: Recording, subject: str) -> float | None:
    """Share of the most frequent class among the labels that were seen in evaluation; None where none were."""
    counts = [
        values
        for label in recording.sites_of("label", phase="eval")
        if label.subject in ("", subject)
        for _, values in recording.vectors(label.key, "class_counts")
    ]
    width = max(map(len, counts), default=0)
    total = np.sum([np.pad(one, (0, width - len(one))) for one in counts], axis=0) if counts else np.zeros(1)
    return float(total.max() / total.sum()) if total.sum() > 0 else None


def recall_gain(recording: Recording, subject: str, phase: str) -> tuple[float, float] | None:
    """How far the mean recall of the classes is above 1 / K late in the run, and three standard errors of that.

    Both as shares of what is missing: 0 for any constant prediction, 1 where all is right. None where it was not seen.
    """
    rows = [
        (at, hits, counts)
        for label in recording.sites_of("label", phase=phase)
        for output in recording.sites_of("output", phase=phase)
        if label.subject in ("", subject) and output.subject in ("", subject)
        for (at, hits), (_, counts) in _same_step(recording.vectors(output.key, "hits"),
                                                  recording.vectors(label.key, "class_counts"))
        if len(hits) == len(counts)
    ]  # fmt: skip
    if not rows:
        return None
    begin = rows[-1][0] - (rows[-1][0] - rows[0][0]) / 2
    hits = np.sum([row[1] for row in rows if row[0] >= begin], axis=0)
    counts = np.sum([row[2] for row in rows if row[0] >= begin], axis=0)
    present = counts > 0
    classes = int(present.sum())
    if classes < 2:
        return None
    chance = 1 / classes
    recall = float((hits[present] / counts[present]).mean())
    noise = 3 * math.sqrt(float(((1 - chance) * chance / counts[present]).sum())) / classes
    return (recall - chance) / (1 - chance), noise / (1 - chance)


def _recall_gained(recording: Recording, subject: str) -> tuple[float | None, str]:
    """The gain of the mean recall of the classes over 1 / K, which any constant prediction has.

    Where one class is very frequent the accuracy says little; recall counts every class alike. Only
    what exceeds three standard errors counts; it is no sign of failing: rare cases may well be missed.
    """
    best: float | None = None
    for phase in ("train", "eval"):
        gained = recall_gain(recording, subject, phase)
        if gained is not None and gained[0] > gained[1]:
            best = gained[0] if best is None else max(best, gained[0])
    return best, "" if best is None else f"mean recall of the classes {best:.2f} of the way from chance to all"


def _same_step(
    one: Iterable[tuple[int, FloatArray]], other: Iterable[tuple[int, FloatArray]]
) -> Iterator[tuple[tuple[int, FloatArray], tuple[int, FloatArray]]]:
    """Pairs of vectors that were observed at the same step."""
    known: dict[int, list[FloatArray]] = {}
    for step, values in other:
        known.setdefault(step, []).append(values)
    for step, values in one:
        waiting = known.get(step)
        if waiting:
            yield (step, values), (step, waiting.pop(0))
