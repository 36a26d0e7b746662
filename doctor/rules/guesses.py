"""How far a run gets beside guesses without any training: nearest neighbours, and a straight line or class means.

These see a few hundred of the training rows at most (see `doctor/capture/relation.py`), so a sound network that was
trained on all of them reaches what they reach. One that does not is held back by something, however much better than
a constant prediction it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from doctor.rules.row_sets import arrays_and_batches

if TYPE_CHECKING:
    from doctor.rules.view import SubjectView

#: Standard errors above chance from which on guesses are a yardstick.
SURE = 5.0
#: Classes whose most frequent one is this many times its even share: accuracy says other things there.
UNEVEN = 1.5


def share_of_guesses(view: SubjectView) -> float | None:
    """What the run gains over chance, as a share of what guesses gain: (run - chance) / (guesses - chance).

    By accuracy for classes, by the share of the variance that is explained for values (the square of the guesses'
    correlation); the better one of training and evaluation, for noise and dropout are hard on the first alone.
    None for several outputs, or where either was not measured.
    """
    judgement, output = view.judgement, view.output
    if view.recording.head is not None or len(view.recording.heads(view.subject.key)) > 1 or output is None:
        return None
    seen = view.series("output", output, "mean").steps
    if not len(seen) or seen[-1] < judgement.steps / 2:
        return None  # what was predicted in the first steps says nothing of the rest
    units = int(output.attributes.get("units") or 0)
    arrays, batches = arrays_and_batches(view, "train")
    known = [one.site.attributes["relation"] for one in arrays + batches if (one.deviations or 0.0) >= SURE]
    if not known:
        return None
    best = max(known, key=lambda relation: float(relation["deviations"]))
    score, chance = float(best["score"]), float(best["chance"])
    if best["kind"] == "values":
        if units != 1 or judgement.explained is None or judgement.explained < 0:
            return None  # below zero it is another scale or a part of several losses, and no regression alone
        return max(judgement.explained, judgement.eval_explained or 0.0) / score**2
    if judgement.accuracy is None or judgement.majority is None or judgement.majority > UNEVEN * chance:
        return None
    if best["classes"] != (2 if units == 1 else units):
        return None  # several answers for each row, of which the guesses gave one
    return (max(judgement.accuracy, judgement.eval_accuracy or 0.0) - chance) / (score - chance)
