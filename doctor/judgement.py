"""Is the run failing at all? Every rule of degree asks this before it speaks.

The yardstick is the best constant prediction on the labels that were seen. A model that
has learned nothing can always reach it:

- cross-entropy: predict the class shares p_k; the loss is their entropy, -sum p_k ln p_k
  (ln K for K equally frequent classes);
- squared error: predict the mean; the loss is the variance of the labels;
- absolute error: predict the median; the loss is the mean absolute deviation from it;
- hinge: predict the more frequent sign p; the loss is 2 (1 - p);
- Poisson: predict the mean m; the loss is m - m ln m;
- accuracy: predict the most frequent class; the accuracy is its share.

The *gain* of a run is the part of that gap which it closed: (baseline - late loss) / (baseline - loss of
exact predictions), and (accuracy - majority) / (1 - majority). Several outputs are judged each by its own
predictions. Outputs of several values that hardly differ from row to row are a constant prediction too, however much
better than one number for all of them. Where no yardstick fits, the shape of the loss curve has to do, and the
reason says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Sequence

import numpy as np

from doctor.baseline import beyond_one, constant_prediction
from doctor.curve import Curve, curve_of, nonfinite_step
from doctor.hits import accuracy_gained, explained, late_accuracy, response
from doctor.loss_facts import blanks_counted, interleaved, loss_is, lost_epoch, robust, soft_labels
from doctor.numbers import number
from doctor.recording import Recording
from doctor.types import Series, Site
from doctor.yardstick import Baseline

#: A gain below this is no better than a constant prediction, from GOOD_GAIN on it clearly is.
#: Between the two the verdict is "unclear": noisy real problems live there.
POOR_GAIN = 0.03
GOOD_GAIN = 0.1
#: Variance explained, below zero, by outputs that are nowhere near the labels: further off than these spread.
FAR_OFF = -1.0
#: A run that had at least the gain HALF, and keeps less than this share of it, has lost what it had learned.
KEPT = 0.25
#: Fewest steps of such a run.
MIN_UNLEARNED = 100
#: From this gain of the accuracy on a run trains, whatever its loss is.
HALF = 0.5
#: Outputs whose variance over the rows is this share of the labels' do not depend on their inputs at all.
SAME = 1e-6
#: Losses that have no minimum where labels are no shares.
_OF_SHARES = ("softmax_cross_entropy", "sigmoid_cross_entropy", "log_probability")
#: Fewer steps than this say nothing: plain SGD needs some tens of steps to leave the start.
FEWEST_STEPS = 30
#: Steps before a loss that is not finite, and the part by which it fell in them, that show that the run had learned.
MIN_BEFORE, MIN_FALL = 20, 0.2
#: A run of at most this many steps whose loss still falls is not failing yet.
SHORT_STEPS = 100
#: A loss this many times that of a constant prediction, which class weights do not explain.
EXPLODED = 20.0


@dataclass(frozen=True)
class Judgement:
    """Whether a subject trains, and by what yardstick.

    Attributes:
        state: "failing", "training" or "unclear".
        reason: one sentence with the numbers.
        by: what the state rests on: "loss", "accuracy", "errors" (of values), "outputs" (several, each by its own
            predictions), "curve", "steps" (too few to judge), or "gain" (better than a constant prediction, but
            only a little).
        steps: number of steps with a loss.
        first_loss, late_loss: means over the first and the last steps, NaN where none is finite.
        baseline: of the best constant prediction, on the scale of the loss, or None.
        accuracy, eval_accuracy: late share of correct predictions in training and outside of it.
        majority: share of the most frequent class.
        explained, eval_explained: late share of the variance of values that is explained, in training
            and outside of it.
        nonfinite_step: first step whose loss was NaN or infinite and stayed so, or None.
        gain: the larger of the gains by loss and by accuracy, or None.
        falling: the loss was still falling when the run ended.
    """

    state: str
    reason: str
    by: str = "steps"
    steps: int = 0
    first_loss: float = math.nan
    late_loss: float = math.nan
    baseline: float | None = None
    accuracy: float | None = None
    eval_accuracy: float | None = None
    majority: float | None = None
    nonfinite_step: int | None = None
    gain: float | None = None
    falling: bool = False
    explained: float | None = None
    eval_explained: float | None = None

    @property
    def failing(self) -> bool:
        """The run is not clearly better than a constant prediction."""
        return self.state == "failing"

    @property
    def training(self) -> bool:
        """The run is clearly better than a constant prediction."""
        return self.state == "training"

    @property
    def broke_off(self) -> bool:
        """The loss became NaN or infinite in a run that had learned until then."""
        if self.nonfinite_step is None or self.nonfinite_step < MIN_BEFORE:
            return False
        return self.first_loss - self.late_loss > MIN_FALL * abs(self.first_loss)


def judge(recording: Recording, subject: Site) -> Judgement:
    """Whether `subject` trains, fails, or cannot be judged."""
    whole = _judge(recording, subject)
    heads = recording.heads(subject.key) if recording.head is None else []
    if len(heads) < 2 or whole.by not in ("curve", "gain") or whole.failing:
        return whole
    parts = [recording.of_head(subject.key, number) for number in heads]
    return _together(whole, [(_name(part, subject), _judge(part, subject)) for part in parts])


def _together(whole: Judgement, heads: Sequence[tuple[str, Judgement]]) -> Judgement:
    """What the outputs of one model say together: each is judged by its own predictions.

    Where some output cannot be judged by these, no constant prediction of the whole is known, and the
    curve of the sum has to do.
    """
    known = [(name, one) for name, one in heads if one.by in ("accuracy", "errors", "gain")]
    if not known:
        return whole
    text = "; ".join(f"output {name!r}: {one.reason}" for name, one in known)
    states = {one.state for _, one in known}
    if len(states) > 1:
        return replace(whole, state="unclear", by="outputs", reason=f"some outputs learn and some do not: {text}")
    if len(known) < len(heads):
        return replace(whole, reason=f"{whole.reason}; {text}") if states == {whole.state} else whole
    return replace(whole, state=states.pop(), by="outputs", reason=text)


def _name(recording: Recording, subject: Site) -> str:
    sites = (site for site in recording.sites_of("output") if site.subject in ("", subject.key))
    return next((site.name for site in sites), "output")


def _judge(recording: Recording, subject: Site) -> Judgement:
    """The judgement of a subject with one output, or of the sum of the losses of several."""
    losses = recording.data_losses(subject.key)
    steps = len(losses)
    if steps == 0:
        return Judgement("unclear", "no training step with a loss was seen")
    nonfinite = nonfinite_step(losses)
    if nonfinite is None:
        nonfinite = lost_epoch(recording, subject.key)
    # The sum of several losses is no yardstick's business, nor do the hits of one output tell of the others.
    several = recording.head is None and len(recording.heads(subject.key)) > 1
    # Labels that spread each row over many classes have no right answer to count, and no class shares.
    uncounted = several or soft_labels(recording, subject)
    baseline = None if uncounted else constant_prediction(recording, subject)
    if baseline is not None and recording.head is not None:
        baseline = replace(baseline, comparable=False, divisor=1.0)  # what is recorded is the sum
    curve = curve_of(losses.finite().values / (baseline.divisor if baseline else 1.0))
    accuracy = None if uncounted else late_accuracy(recording, subject.key, "train")
    eval_accuracy = None if uncounted else late_accuracy(recording, subject.key, "eval")
    of_variance = None if several else explained(recording, subject.key, "train")
    state, by, reason, gain = _state(
        recording, subject, losses, nonfinite, baseline, curve, accuracy, eval_accuracy, of_variance
    )
    return Judgement(
        state=state,
        reason=reason,
        by=by,
        steps=steps,
        first_loss=curve.first,
        late_loss=curve.late,
        baseline=baseline.value if baseline else None,
        accuracy=accuracy[0] if accuracy else None,
        eval_accuracy=eval_accuracy[0] if eval_accuracy else None,
        majority=baseline.majority if baseline else None,
        nonfinite_step=nonfinite,
        gain=gain,
        falling=curve.falling,
        explained=of_variance,
        eval_explained=None if several else explained(recording, subject.key, "eval"),
    )


def _density(recording: Recording, subject: Site) -> bool:
    """Whether the loss is of unknown form and weighted by what the network itself says, as in a flow.

    What it compares are no labels and predictions then.
    """
    losses = [site for site in recording.sites_of("loss") if site.subject in ("", subject.key)]
    return any(
        site.attributes.get("function") == "other" and site.attributes.get("weighted_by") == "network"
        for site in losses
    )


def _state(
    recording: Recording,
    subject: Site,
    losses: Series,
    nonfinite: int | None,
    baseline: Baseline | None,
    curve: Curve,
    accuracy: tuple[float, float] | None,
    eval_accuracy: tuple[float, float] | None,
    of_variance: float | None,
) -> tuple[str, str, str, float | None]:
    """(state, by, reason, gain)."""
    steps = len(losses)
    if nonfinite is not None:
        value = losses.values[min(int(np.searchsorted(losses.steps, nonfinite)), steps - 1)]
        if math.isfinite(value):
            return "failing", "loss", f"what Keras shows of the epochs is NaN from step {nonfinite} on", None
        what = "NaN" if math.isnan(value) else "infinite"
        return "failing", "loss", f"the loss is {what} from step {nonfinite} on", None

    loss_gain = baseline.gain(curve.late) if baseline is not None else None
    majority = baseline.majority if baseline is not None else None
    if accuracy is not None and blanks_counted(recording, subject, curve.late, accuracy[0]):
        accuracy = eval_accuracy = None  # hits were counted in places that the loss leaves out
    accuracy_gain, accuracy_text = accuracy_gained(recording, subject.key, accuracy, eval_accuracy, majority)
    gains = [gain for gain in (loss_gain, accuracy_gain) if gain is not None]
    gain = max(gains) if gains else None
    of_all = recording.head is None  # the loss is no other output's
    text = "; ".join(filter(None, (_numbers(curve, baseline, loss_gain) if of_all else "", accuracy_text)))

    outputs = sum(site.subject in ("", subject.key) for site in recording.sites_of("output"))
    moved = response(recording, subject.key) if outputs == 1 and not _density(recording, subject) else None
    flat = moved is not None and (moved < SAME or moved < POOR_GAIN and not curve.falling)
    if moved is not None and flat and steps >= FEWEST_STEPS:
        words = f"the outputs are nearly the same for every row: their variance is {100 * moved:.2g} % of the labels'"
        return "failing", "errors", f"{words}; {text}", moved
    if loss_gain is None and of_variance is not None and steps >= FEWEST_STEPS:
        share = f"{100 * max(of_variance, 0.0):.0f} % of the labels' variance is explained"
        words = f"{share}; {text}" if text else share
        if of_variance >= GOOD_GAIN:
            return "training", "errors", words, of_variance
        # A quantile may be far from most labels: against a run errors speak only where they are the loss.
        squared = recording.head is not None and loss_is(recording, subject, "squared_error")
        slow = robust(recording, subject) and (not curve.falling or of_variance < FAR_OFF)
        if of_variance < POOR_GAIN and (squared or slow):
            return "failing", "errors", words, of_variance
    best = baseline.gain(curve.lowest) if baseline is not None and steps >= MIN_UNLEARNED else None
    if best is not None and best >= HALF and loss_gain is not None and loss_gain < KEPT * best:
        answers = accuracy_gain is not None and accuracy_gain >= HALF
        if not answers and not interleaved(recording, subject):
            at = f"{number(curve.lowest)} by step {losses.steps[curve.lowest_at - 1]}"
            return "failing", "loss", f"what was learned was lost again: the loss was {at}; {text}", loss_gain
    below = loss_gain is not None and loss_gain > 1 and any(loss_is(recording, subject, one) for one in _OF_SHARES)
    if below and steps >= FEWEST_STEPS and beyond_one(recording, subject):
        return "failing", "loss", f"a cross-entropy below zero, on labels outside of 0 to 1: {text}", None
    diverged = _diverged(curve, loss_gain, in_turn=loss_gain is None and interleaved(recording, subject))
    exploded = loss_gain is not None and loss_gain < 1 - EXPLODED
    if (exploded or (diverged and loss_gain is not None)) and steps >= FEWEST_STEPS:
        # Hits alone do not save it: outputs of that size mean that the weights have exploded.
        return "failing", "loss", text, gain
    if accuracy_gain is not None and accuracy_gain >= GOOD_GAIN:
        if loss_gain is not None and loss_gain < 0 and accuracy_gain < HALF and steps >= FEWEST_STEPS:
            # Surer of its wrong answers than of its right ones: it has hardly begun to learn.
            return "unclear", "gain", f"more right answers than by guessing, at a loss that is worse: {text}", gain
        return "training", "accuracy", text, gain
    if diverged and steps >= 5:
        return "failing", "loss" if loss_gain is not None else "curve", text, gain
    if steps < FEWEST_STEPS:
        return "unclear", "steps", f"{steps} steps are too few to judge; {text}", gain
    # A wrong head can show a falling loss over predictions that stay wrong: predictions count first.
    if accuracy_gain is not None and accuracy_gain < POOR_GAIN and loss_gain is not None and loss_gain >= GOOD_GAIN:
        return "failing", "accuracy", f"the loss falls but the predictions stay wrong: {text}", accuracy_gain
    if loss_gain is not None and loss_gain >= GOOD_GAIN:
        return "training", "loss", text, gain
    if gain is not None:
        if interleaved(recording, subject):
            # In a GAN each loss hovers at its constant baseline when both players do well.
            return (
                "unclear",
                "curve",
                f"the losses of several models trained in turn cannot be judged alone; {text}",
                gain,
            )
        if gain >= POOR_GAIN:
            return "unclear", "gain", f"only a little better than a constant prediction: {text}", gain
        if curve.falling and (steps <= SHORT_STEPS or recording.run.ended_early):
            return (
                "unclear",
                "steps",
                f"the loss was still falling when the run ended after {steps} steps; {text}",
                gain,
            )
        return "failing", "loss" if loss_gain is not None else "accuracy", text, gain
    if curve.fell:
        return "training", "curve", f"judged by the curve alone: {text}", None
    return "unclear", "curve", f"nothing to compare the loss with, and it does not fall: {text}", None


def _numbers(curve: Curve, baseline: Baseline | None, loss_gain: float | None) -> str:
    if loss_gain is not None and baseline is not None:
        return f"the loss ends at {number(curve.late)} where {baseline.name} gives {number(baseline.value)}"
    return f"the loss goes from {number(curve.first)} to {number(curve.late)}"


def _diverged(curve: Curve, loss_gain: float | None, *, in_turn: bool) -> bool:
    """The loss ends far above its start and above any constant prediction.

    The loss of one of several players (`in_turn`) starts anywhere, and rises as the other gets better.
    """
    if not (math.isfinite(curve.first) and math.isfinite(curve.late)):
        return False
    above = loss_gain is None or loss_gain < -1
    # The median: a loss that explodes has a mean, and an error of it, like its last value.
    return above and curve.late_median > (1000 if in_turn else 10) * abs(curve.first)
