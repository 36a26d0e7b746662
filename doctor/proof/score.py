"""How well a run does, in one number that runs with different losses share."""

from __future__ import annotations

from dataclasses import dataclass

from doctor.hits import IMBALANCED, recall_gain
from doctor.judgement import Judgement, judge
from doctor.recording import Recording
from doctor.types import Site

#: Measures in the order in which two runs are compared by them: the first that both have.
MEASURES = (
    "held-out accuracy", "accuracy", "variance explained on held-out data", "variance explained", "loss closed",
    "loss kept",
)  # fmt: skip
#: Where most examples are of one class, and for faults that are about it, all classes count alike.
OF_CLASSES = ("held-out mean recall", "mean recall")
#: What each says, for people.
MEANING = {
    "held-out mean recall": "mean recall of the classes on held-out data, from chance to all,",
    "mean recall": "mean recall of the classes, from chance to all,",
    "loss closed": "share of the way from the best constant prediction to a perfect one",
    "loss kept": "minus the late loss over the first one",
}


@dataclass(frozen=True)
class Score:
    """What one subject of a run reached.

    Attributes:
        judgement: whether it fails at all.
        values: by the name of the measure; higher is better, 1 is perfect, guessing is `guess`.
        guess: what guessing reaches, by the same names.
    """

    judgement: Judgement
    values: dict[str, float]
    guess: dict[str, float]

    def gain(self, measure: str) -> float:
        """The part of the way from guessing to perfection that was gone, below 0 where it is worse than guessing."""
        guess = self.guess[measure]
        return (self.values[measure] - guess) / (1 - guess) if guess < 1 else 0.0


def score(recording: Recording, subject: Site) -> Score:
    """The score of a subject."""
    found = judge(recording, subject)
    values: dict[str, float] = {}
    guess: dict[str, float] = {}

    def add(name: str, value: float | None, base: float = 0.0) -> None:
        if value is not None and value == value:
            values[name], guess[name] = float(value), base

    if found.majority is not None:
        add("held-out accuracy", found.eval_accuracy, found.majority)
        add("accuracy", found.accuracy, found.majority)
    for phase, name in (("eval", OF_CLASSES[0]), ("train", OF_CLASSES[1])):
        recalled = recall_gain(recording, subject.key, phase) if found.majority is not None else None
        add(name, None if recalled is None else recalled[0])
    add("variance explained on held-out data", found.eval_explained)
    add("variance explained", found.explained)
    if found.by in ("loss", "gain"):
        add("loss closed", found.gain)
    if found.first_loss > 0 and found.nonfinite_step is None:
        add("loss kept", -found.late_loss / found.first_loss, -1.0)
    return Score(found, values, guess)


def common(one: Score, other: Score, of_classes: bool = False) -> str | None:
    """The measure by which two runs are compared, None where they share none.

    Args:
        one, other: the runs.
        of_classes: count all classes alike, as is done anyway where most examples are of one class.
    """
    uneven = any((run.judgement.majority or 0.0) >= IMBALANCED for run in (one, other))
    names = (*OF_CLASSES, *MEASURES) if of_classes or uneven else MEASURES
    both = [name for name in names if name in one.values and name in other.values]
    # What neither does better than guessing is not what they are about: labels that are no targets, say.
    telling = (name for name in both if max(one.gain(name), other.gain(name)) > 0)
    return next(telling, both[0] if both else None)


def counterpart(recording: Recording, subject: Site | None, place: int) -> Site | None:
    """The subject of another run of the same script: of the same name and number, else the one that trained most."""
    subjects = recording.subjects
    if not subjects:
        return None
    if place < len(subjects) and (subject is None or subjects[place].name == subject.name):
        return subjects[place]
    same = [one for one in subjects if subject is not None and one.name == subject.name]
    return max(same or subjects, key=lambda one: len(recording.losses(one.key)))
