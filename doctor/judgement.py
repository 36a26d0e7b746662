"""Is the run failing at all? Every rule of degree asks this before it speaks.

The yardstick is the best constant prediction on the labels that were seen. A model that
has learned nothing can always reach it:

- cross-entropy: predict the class shares p_k; the loss is their entropy, -sum p_k ln p_k
  (ln K for K equally frequent classes);
- squared error: predict the mean; the loss is the variance of the labels;
- absolute error: predict the median; the loss is the mean absolute deviation from it;
- accuracy: predict the most frequent class; the accuracy is its share.

The *gain* of a run is the part of that gap which it closed: (baseline - late loss) / baseline,
and (accuracy - majority) / (1 - majority). Where no yardstick fits, the shape of the loss
curve has to do, and the reason says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from doctor.baseline import Baseline, constant_prediction
from doctor.hits import accuracy_gained, explained, late_accuracy
from doctor.recording import Recording
from doctor.types import FloatArray, Series, Site

#: A gain below this is no better than a constant prediction, from GOOD_GAIN on it clearly is.
#: Between the two the verdict is "unclear": noisy real problems live there.
POOR_GAIN = 0.03
GOOD_GAIN = 0.1
#: Fewer steps than this say nothing: plain SGD needs some tens of steps to leave the start.
FEWEST_STEPS = 30
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
        by: what the state rests on: "loss", "accuracy", "errors" (of values), "curve", "steps" (too few to judge), or
            "gain" (better than a constant prediction, but only a little).
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


@dataclass(frozen=True)
class _Curve:
    """The loss curve, smoothed at both ends."""

    first: float
    late: float
    late_median: float
    late_error: float  # standard error of `late`
    first_error: float
    still_falling: bool

    @property
    def fell(self) -> bool:
        """Whether the loss fell by more than the noise and by more than 5 %."""
        noise = 3 * math.hypot(self.late_error, self.first_error)
        return self.first - self.late > max(noise, 0.05 * abs(self.first))


def judge(recording: Recording, subject: Site) -> Judgement:
    """Whether `subject` trains, fails, or cannot be judged."""
    losses = recording.data_losses(subject.key)
    steps = len(losses)
    if steps == 0:
        return Judgement("unclear", "no training step with a loss was seen")
    nonfinite = _nonfinite_step(losses)
    heads = [site for site in recording.sites_of("loss") if site.subject in ("", subject.key)]
    # The sum of several losses is no yardstick's business, nor do the hits of one output tell of the others.
    several = len(heads) > 1
    baseline = None if several else constant_prediction(recording, subject)
    curve = _curve(losses.finite().values / (baseline.divisor if baseline else 1.0))
    accuracy = None if several else late_accuracy(recording, subject.key, "train")
    eval_accuracy = None if several else late_accuracy(recording, subject.key, "eval")
    state, by, reason, gain = _state(recording, subject, losses, nonfinite, baseline, curve, accuracy, eval_accuracy)
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
        falling=curve.still_falling and curve.fell,
        explained=None if several else explained(recording, subject.key, "train"),
        eval_explained=None if several else explained(recording, subject.key, "eval"),
    )


def _state(
    recording: Recording,
    subject: Site,
    losses: Series,
    nonfinite: int | None,
    baseline: Baseline | None,
    curve: _Curve,
    accuracy: tuple[float, float] | None,
    eval_accuracy: tuple[float, float] | None,
) -> tuple[str, str, str, float | None]:
    """(state, by, reason, gain)."""
    steps = len(losses)
    several = len(recording.sites_of("loss", subject.key)) > 1
    if nonfinite is not None:
        value = losses.values[np.searchsorted(losses.steps, nonfinite)]
        what = "NaN" if math.isnan(value) else "infinite"
        return "failing", "loss", f"the loss is {what} from step {nonfinite} on", None

    loss_gain = None
    if baseline is not None and baseline.comparable and baseline.value > 0:
        loss_gain = (baseline.value - curve.late) / baseline.value
    majority = baseline.majority if baseline is not None else None
    accuracy_gain, accuracy_text = accuracy_gained(recording, subject.key, accuracy, eval_accuracy, majority)
    gains = [gain for gain in (loss_gain, accuracy_gain) if gain is not None]
    gain = max(gains) if gains else None
    text = _numbers(curve, baseline, loss_gain, accuracy_text)

    if loss_gain is None and not several and (of_variance := explained(recording, subject.key, "train")) is not None:
        # A loss of the script's own, on labels that are values. A quantile may be far from most of
        # them, so that errors only ever speak for a run, not against it.
        if of_variance >= GOOD_GAIN and steps >= FEWEST_STEPS:
            text = f"{100 * of_variance:.0f} % of the labels' variance is explained; {text}"
            return "training", "errors", text, of_variance
    diverged = _diverged(curve, baseline, loss_gain)
    exploded = loss_gain is not None and baseline is not None and curve.late > EXPLODED * baseline.value
    if (exploded or (diverged and loss_gain is not None)) and steps >= FEWEST_STEPS:
        # Hits alone do not save it: outputs of that size mean that the weights have exploded.
        return "failing", "loss", text, gain
    if accuracy_gain is not None and accuracy_gain >= GOOD_GAIN:
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
        if _interleaved(recording, subject):
            # In a GAN each loss hovers at its constant baseline when both players do well.
            return (
                "unclear",
                "curve",
                f"the losses of several models trained in turn cannot be judged alone; {text}",
                gain,
            )
        if gain >= POOR_GAIN:
            return "unclear", "gain", f"only a little better than a constant prediction: {text}", gain
        if curve.still_falling and curve.fell and (steps <= SHORT_STEPS or recording.run.ended_early):
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


def _numbers(curve: _Curve, baseline: Baseline | None, loss_gain: float | None, accuracy_text: str) -> str:
    parts = []
    if loss_gain is not None and baseline is not None:
        parts.append(f"the loss ends at {curve.late:.4g} where {baseline.name} gives {baseline.value:.4g}")
    else:
        parts.append(f"the loss goes from {curve.first:.4g} to {curve.late:.4g}")
    if accuracy_text:
        parts.append(accuracy_text)
    return "; ".join(parts)


def _diverged(curve: _Curve, baseline: Baseline | None, loss_gain: float | None) -> bool:
    """The loss ends far above its start and above any constant prediction."""
    if not (math.isfinite(curve.first) and math.isfinite(curve.late)):
        return False
    above = loss_gain is None or (baseline is not None and curve.late > 2 * baseline.value)
    # The median: a loss that explodes has a mean, and an error of it, like its last value.
    return above and curve.late_median > 10 * abs(curve.first)


def _nonfinite_step(losses: Series) -> int | None:
    """The first step of the last run of non-finite losses, where the curve ends in one.

    Single NaN losses that the run recovers from (mixed precision skips such steps) do not count.
    """
    bad = ~np.isfinite(losses.values)
    tail = bad[-10:]
    if not bad[-1] and tail.mean() <= 0.5:
        return None
    return int(losses.steps[int(np.argmax(bad))])


def _curve(values: FloatArray) -> _Curve:
    count = len(values)
    if count == 0:
        return _Curve(math.nan, math.nan, math.nan, 0.0, 0.0, False)
    # A tenth of the run, at least 5 steps (all of a shorter one), at most 200.
    width = min(max(count // 10, 5), 200, count)
    first, late = values[: max(1, min(5, count // 10))], values[-width:]
    before = values[-2 * width : -width]
    falling = bool(
        len(before) >= 2
        and before.mean() - late.mean() > 2 * math.hypot(_standard_error(before), _standard_error(late))
    )
    return _Curve(
        first=float(first.mean()),
        late=float(late.mean()),
        late_median=float(np.median(late)),
        late_error=_standard_error(late),
        first_error=_standard_error(first),
        still_falling=falling,
    )


def _standard_error(values: FloatArray) -> float:
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else 0.0


def _interleaved(recording: Recording, subject: Site) -> bool:
    """Whether another subject trained during the same time, as in a GAN."""
    mine = recording.loss_seconds(subject.key)
    for other in recording.subjects:
        theirs = recording.loss_seconds(other.key)
        if other.key != subject.key and len(theirs) and len(mine):
            overlap = min(mine[-1], theirs[-1]) - max(mine[0], theirs[0])
            if overlap > 0.5 * min(mine[-1] - mine[0], theirs[-1] - theirs[0]):
                return True
    return False
