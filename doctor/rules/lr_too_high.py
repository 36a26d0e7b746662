"""Rule: updates far too large for the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterable, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.accumulated import never_emptied
from doctor.reading.given_weights import weights_given_at
from doctor.reading.scheduling import raising_line
from doctor.rules.advice import another_rate
from doctor.rules.base import Result, Rule, multiple, number, point, share
from doctor.rules.exploding_gradient import bursts
from doctor.rules.updates import learning_rate, learning_rate_line, norm_changes, raised_rate, update_ratios
from doctor.rules.view import SubjectView
from doctor.types import Location, Series

#: Losses whose output is in units of a logit.
_OF_LOGITS = ("softmax_cross_entropy", "sigmoid_cross_entropy")


@dataclass(frozen=True)
class LrTooHigh(Rule):
    """The updates are far too large for the weights.

    What it is:
        The learning rate multiplies the gradient to a step that overshoots the minimum it
        points to, each time further.

    Why it matters:
        The loss jumps up after the first updates, oscillates, or becomes NaN; ReLU units are
        thrown to where they never fire again. Nothing that was initialised well survives.

    How it is measured:
        The largest rms(update) / rms(weight) over the kernels, where a kernel counts as at
        least as large as He or Glorot would draw it. Healthy training stays around a
        thousandth, in the first steps up to some hundredths. It fires when the run fails and
        the ratio reaches `max_ratio` while the loss is still finite. Too large weights,
        unscaled inputs and exploding gradients do the same to the ratio: where they are found
        they are named as the cause. A warning where the run sits at the loss of guessing for `min_stalled` of its
        steps after such an update and ends badly. Where no gradient passes the kernels, the biases tell: updates
        of `max_thrown` and more, in units of a logit, of a run that ends above guessing. Where updates
        were not observed, the norms of a kernel at two steps in a row tell the least that they were.

    Example:
        optimizer = tf.keras.optimizers.SGD(learning_rate=10.0)

    Use instead:
        optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)

    References:
        Bottou 2012, Stochastic Gradient Descent Tricks
        https://cs231n.github.io/neural-networks-3/#ratio
    """

    fault: ClassVar[str] = "lr-too-high"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Largest healthy ratio. At a tenth, ten steps replace the weights altogether.
    max_ratio: float = 0.1
    #: At this ratio one update replaces the weights: a warning even where the run gets somewhere,
    #: unless it closes `good_gain` of the gap to perfect prediction.
    replaced: float = 1.0
    #: The same of the first ten updates together, where they throw the loss up: what was drawn is lost.
    replaced_soon: float = 2.0
    #: Steps of learning before the loss breaks, from which on a run is believed to have learned.
    min_learned: int = 20
    #: Updates of a logit's bias that throw it from one answer to another: odds change by a third.
    max_thrown: float = 0.3
    #: Share of the gap between a constant and a perfect prediction that a good run closes.
    good_gain: float = 0.6
    #: Distance from the loss of guessing, as a part of it, within which a loss sits at it.
    guessing: float = 0.03
    #: Share of the steps at guessing, after updates above `max_ratio`, that makes them the reason of a bad end.
    min_stalled: float = 0.3
    #: Where an update should lie: the first steps of healthy runs reach a hundredth.
    good_ratio: float = 0.01

    def check(self, view: SubjectView) -> Iterator[Result]:
        ratios = update_ratios(view)
        told = weights_given_at(view.recording) is None and (norm_changes(view).values >= self.max_ratio).any()
        if not len(ratios) and not told:
            missing = view.missing(frozenset({"update"}))
            yield self.not_checked(view, missing or "no update was observed while the loss was finite")
            return
        ratios = ratios if len(ratios) else norm_changes(view)
        over = ratios.values >= self.max_ratio
        peak = float(ratios.values.max())
        if not over.any() and (thrown := self._thrown(view)) is not None:
            yield thrown
            return
        if not over.any():
            yield self.ruled_out(
                f"an update moves the weights by at most {share(peak)} (limit {share(self.max_ratio)})"
            )
            return
        severity = view.degree
        soon = self._soon(ratios) >= self.replaced_soon and self._jump(view) is not None
        replaced = peak >= self.replaced or soon and not view.judgement.falling
        if severity is None and replaced and (view.judgement.gain or 1) < self.good_gain:
            severity = Severity.WARNING  # it trains, but badly, and updates that replace the weights are why
        stalled = severity is None and self._stalled(view, int(ratios.steps[int(over.argmax())]))
        if stalled:
            severity = Severity.WARNING
        # A little better than guessing is no sign of a sound rate where updates replace the weights.
        poor = view.judgement.by == "gain" and peak >= self.replaced
        poor = poor or stalled
        if severity is None or (view.judgement.state == "unclear" and not poor and not self._worse(view)):
            return
        index = int(over.argmax())
        if bursts(view, int(ratios.steps[index])):
            yield self.ruled_out("no update was too large before the gradient of the recurrence burst")
            return
        fallen = self._fallen_until_nan(view)
        if fallen is not None and peak < self.replaced:
            yield self.ruled_out(
                f"the loss fell from {number(fallen[0])} to {number(fallen[1])} until it was no longer finite, under "
                f"updates of at most {share(peak)}"
            )
            return
        raised = raised_rate(view, int(ratios.steps[index]))
        rate = raised or learning_rate(view)
        text = (
            f"At step {int(ratios.steps[index])} one update moves the weights by "
            f"{multiple(float(ratios.values[index]))} their size"
        )
        if peak > 2 * float(ratios.values[index]):
            text += f", later by up to {multiple(peak)} it"
        text += f" (healthy: around {share(self.good_ratio)} and below)."
        if rate is not None:
            first = f", raised from {number(learning_rate(view) or 0.0)}" if raised is not None else ""
            text += f" The learning rate is {number(rate)}{first}."
        jump = self._jump(view)
        blown = jump is not None or view.judgement.nonfinite_step is not None
        if jump is not None:
            low, top, count = float(jump.values[0]), float(jump.values[-1]), len(jump) - 1
            text += f" The loss goes from {number(low)} to {number(top)} in {count} step{'s' if count > 1 else ''}."
        summed = never_emptied(view.recording)
        if summed is not None:
            yield self._summed(view, severity, summed, text, self._evidence(view, ratios, index, rate, jump))
            return
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH if blown else Confidence.MEDIUM,
            title="The learning rate is too high" + (f": {number(rate)}" if rate is not None else ""),
            message=text,
            site=view.optimizer,
            location=(raising_line(view.recording) if raised is not None else None) or learning_rate_line(view),
            onset=int(ratios.steps[index]),
            evidence=self._evidence(view, ratios, index, rate, jump),
            fixes=(Fix("Let the schedule raise the rate less, from one fixed rate"),) if raised is not None else (
                Fix("Lower the learning rate by ten"),) if rate is None else (
                another_rate(view, self._better(rate, float(ratios.values[index])), "Lower the learning rate"),
            ),
        )  # fmt: skip

    def _summed(
        self, view: SubjectView, severity: Severity, place: Location, text: str, evidence: Iterable[Evidence]
    ) -> Result:
        """Updates that grow because the gradients of all batches so far are applied again and again."""
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="The gradients that are added up are never set back to zero",
            message="Every update applies the gradients of all batches since the start once more. " + text,
            site=view.optimizer,
            location=place,
            evidence=tuple(evidence),
            fixes=(Fix("Set the sums back to zero after each update", "total.assign(tf.zeros_like(total))"),),
        )

    @staticmethod
    def _soon(ratios: Series) -> float:
        """The way that the first ten updates go together, over the size of the weights."""
        return float(ratios.values[ratios.steps < 10].sum())

    def _thrown(self, view: SubjectView) -> Result | None:
        """Logits that are thrown about by their biases alone, because no gradient passes the kernels."""
        judgement, loss = view.judgement, view.loss
        known = judgement.baseline is not None and judgement.late_loss > 1.1 * judgement.baseline
        if not judgement.failing or not known or loss is None or loss.attributes.get("function") not in _OF_LOGITS:
            return None
        for bias in reversed([site for site in view.variables if site.attributes.get("role") == "bias"]):
            norm, size = view.series("update", bias, "norm"), view.series("update", bias, "size").values
            if not len(norm) or not (norm.values > 0).any():
                continue
            moved = Series(f"update/{bias.name}/rms", norm.steps, norm.values / np.sqrt(np.maximum(size, 1)))
            index = int(np.argmax(moved.values))
            if float(np.median(moved.values)) < self.max_thrown:
                return None
            rate = learning_rate(view)
            return self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.MEDIUM,
                title="The learning rate is too high" + (f": {number(rate)}" if rate is not None else ""),
                message=f"One update moves the biases `{bias.name}`, and with them every logit, by up to "
                f"{number(float(moved.values[index]))}; the loss ends at {number(judgement.late_loss)}, above the "
                f"{number(judgement.baseline or 0.0)} of guessing.",
                site=view.optimizer,
                location=learning_rate_line(view),
                onset=int(moved.steps[0]),
                evidence=(point(moved, index, self.max_thrown, "", "in units of a logit"),),
                fixes=(Fix("Lower the learning rate by ten"),),
            )
        return None

    def _stalled(self, view: SubjectView, onset: int) -> bool:
        """Whether the run sat at guessing for long after its first large updates, and ends badly."""
        judgement = view.judgement
        if judgement.baseline is None or judgement.gain is None or judgement.gain >= self.good_gain:
            return False
        after = view.losses.values[view.losses.steps > onset]
        near = np.abs(after - judgement.baseline) <= self.guessing * abs(judgement.baseline)
        return bool(len(after) >= self.min_learned and near.mean() >= self.min_stalled)

    def _worse(self, view: SubjectView) -> bool:
        """Whether the loss ends above its start (for runs too short to judge)."""
        judgement = view.judgement
        return math.isfinite(judgement.late_loss) and judgement.late_loss > 1.1 * judgement.first_loss > 0

    def _fallen_until_nan(self, view: SubjectView) -> tuple[float, float] | None:
        """(first, last) loss of a run that was at its best, and at half of its start, when its loss became NaN.

        A rate that is too high throws the loss up first; what breaks at the bottom is the loss itself.
        """
        step = view.judgement.nonfinite_step
        before = view.losses.values[view.losses.steps < step] if step is not None else np.empty(0)
        if len(before) < self.min_learned or not np.isfinite(before).all():
            return None
        first, last = float(before[:3].mean()), float(before[-3:].mean())
        best = float(np.convolve(before, np.ones(3) / 3, "valid").min())
        return (first, last) if 0 < last < 0.5 * first and last < 1.5 * max(best, 0.02 * first) else None

    def _jump(self, view: SubjectView) -> Series | None:
        """The loss from the start to its peak within ten steps, where that is well above the start."""
        head = view.losses.head(10).finite()
        if len(head) < 2:
            return None
        top = int(np.argmax(head.values))
        return head.head(top + 1) if top > 0 and head.values[top] > 1.5 * abs(head.values[0]) else None

    def _better(self, rate: float, ratio: float) -> float:
        """The rate that brings the first large update to `good_ratio`, as a power of ten below the present one."""
        wanted = rate * self.good_ratio / ratio
        return float(min(10.0 ** round(math.log10(wanted)), rate / 10)) if wanted > 0 else rate / 10

    def _evidence(
        self, view: SubjectView, ratios: Series, index: int, rate: float | None, jump: Series | None
    ) -> Iterator[Evidence]:
        yield point(ratios, index, self.max_ratio)
        if rate is not None:
            yield Evidence("learning_rate", int(ratios.steps[index]), rate)
        if jump is not None:
            yield point(jump, 0, None, "", "at the start")
            yield point(jump, len(jump) - 1, float(jump.values[0]), "", "the limit is the loss at the start")
