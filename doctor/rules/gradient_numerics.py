"""Rule: a backward pass that makes NaN out of finite numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.slopes import lost_in_half, steep
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class GradientNumerics(Rule):
    """The loss is finite, and its gradient is not.

    What it is:
        A root, a norm or a power at zero, where the slope is infinite; or a `where` whose branch
        that was not taken divides by zero. Backwards, infinity times zero is NaN.

    Why it matters:
        One example is enough, such as a pair of equal vectors under a distance: the first update
        after it makes every weight NaN, and the loss of the next step with them.

    How it is measured:
        At the step before the first loss that is not finite: the loss, outputs, weights and data
        are finite, the gradient holds NaN, and no gradient before it went beyond `max_gradient`.
        Where that very step was not observed: the weights are NaN at the step whose loss is, the
        losses before it did not grow beyond `max_growth` times their median, and the script
        takes a root, norm or power of what may be zero. In half precision, where the loss stays
        finite: the gradient holds NaN at `max_left_out` of the steps from step `settled` on, and at
        `min_spoilt` of them at least.

    Example:
        distance = tf.sqrt(tf.reduce_sum(tf.square(a - b), axis=1))

    Use instead:
        distance = tf.sqrt(tf.reduce_sum(tf.square(a - b), axis=1) + 1e-9)

    References:
        https://github.com/tensorflow/probability/blob/main/discussion/where-nan.pdf
    """

    fault: ClassVar[str] = "loss-numerics"
    needs: ClassVar[frozenset[str]] = frozenset({"losses", "gradient"})

    #: A gradient of this norm has exploded before it overflows.
    max_gradient: float = 1e6
    #: Losses that grow further were on their way to infinity by themselves.
    max_growth: float = 3.0
    #: Steps in which the factor of the loss finds its size: from 2^15 it is halved at each that overflows.
    settled: int = 20
    #: Steps that are left out after that, at least.
    min_spoilt: int = 3
    #: Their share of the observed ones: a factor that doubles every 2,000 steps overflows as often.
    max_left_out: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        step = view.judgement.nonfinite_step
        if step is None:
            yield self._left_out(view) or self.ruled_out("the loss stays finite")
            return
        if self._exploded(view, step):
            yield self.ruled_out("the gradient grew before it overflowed")
            return
        seen = self._seen(view, step)
        place = steep(view.recording)
        if seen is None and (place is None or not self._unseen(view, step)):
            return
        lost = lost_in_half(view.recording) if view.in_half else None
        where, function = place if place is not None else (None, "")
        if lost is not None:
            where, function = lost[:2]
        at, kernel = seen if seen is not None else (step - 1, None)
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN if seen is not None else Confidence.MEDIUM,
            title="The gradient is NaN where the loss is finite",
            message=self._message(view, at, kernel, function)
            + (f" In half precision {lost[2]} is zero: it keeps nothing from zero." if lost is not None else ""),
            site=kernel or view.loss,
            location=where or (view.loss.location if view.loss is not None else None) or view.subject.location,
            onset=at,
            evidence=(
                Evidence(view.losses.name, at, self._loss(view, at)),
                Evidence(f"gradient/{kernel.name}/norm", at, math.nan) if kernel is not None
                else Evidence(view.losses.name, step, math.nan),
            ),
            fixes=(
                Fix("Keep the argument away from 0", "tf.sqrt(tf.maximum(value, 1e-12))", where, safe=True)
                if function in ("sqrt", "norm", "rsqrt", "pow", "power", "") else
                Fix(f"Keep the argument of `{function}` away from where its slope is infinite",
                    "tf.maximum(value, 1e-12)", where),
            ),
        )  # fmt: skip

    def _left_out(self, view: SubjectView) -> Result | None:
        """Steps of half precision whose gradient is NaN: the optimiser leaves them out, and the loss stays finite."""
        if not view.in_half:
            return None
        steps = [at for at in self._steps(view, view.judgement.steps) if at >= self.settled]
        spoilt = [at for at in steps if self._spoilt(view, at) is not None]
        if len(spoilt) < self.min_spoilt or len(spoilt) < self.max_left_out * len(steps):
            return None
        kernel = self._spoilt(view, spoilt[0])
        lost = lost_in_half(view.recording)
        where = lost[0] if lost is not None else (steep(view.recording) or (None, ""))[0]
        return self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The gradient is NaN again and again, and these steps are left out",
            message=(
                f"At {len(spoilt)} of {len(steps)} observed steps after the first {self.settled} the gradient is NaN, "
                "where loss, weights and data are finite. The optimiser of mixed precision leaves such steps out, and "
                "halves the factor of the loss each time, which is no remedy for a slope that is infinite."
                + (f" In half precision {lost[2]} is zero: it keeps nothing from zero." if lost is not None else "")
            ),
            site=kernel or view.loss,
            location=where or (view.loss.location if view.loss is not None else None) or view.subject.location,
            onset=spoilt[0],
            evidence=(
                Evidence("steps with a gradient of NaN", None, len(spoilt) / len(steps), self.max_left_out, "share"),
            ),
            fixes=(
                Fix("Compute the loss in single precision", "tf.cast(p, tf.float32)", where),
                Fix("Or keep the argument away from 0 by a number that half precision holds", "value + 1e-4", where),
            ),
        )

    def _spoilt(self, view: SubjectView, at: int) -> Site | None:
        """A variable whose gradient is NaN at a step at which all that it is made of is finite."""
        if not math.isfinite(self._loss(view, at)) or view.nonfinite_at(at, "weight", "input", "label", "output"):
            return None
        for variable in view.variables:
            stats = view.recording.stats("gradient", variable.key, at)
            if stats is not None and stats["nan_count"] > 0:
                return variable
        return None

    def _seen(self, view: SubjectView, step: int) -> tuple[int, Site] | None:
        """(step, variable) of a gradient that is NaN just before the loss is, though all that it is made of is not."""
        at = step - 1  # an earlier one did no harm: the optimiser of mixed precision leaves such steps out
        variable = self._spoilt(view, at)
        return (at, variable) if variable is not None else None

    def _unseen(self, view: SubjectView, step: int) -> bool:
        """Whether the weights became NaN between two steps, after losses that had not grown."""
        before = view.losses.values[view.losses.steps < step]
        if len(before) < 3 or float(before[-1]) > self.max_growth * max(float(np.median(np.abs(before))), 1e-6):
            return False
        return any(
            stats is not None and stats["nan_count"] > 0
            for stats in (view.recording.stats("weight", one.key, step) for one in view.variables)
        )

    def _exploded(self, view: SubjectView, step: int) -> bool:
        """Whether an earlier gradient, or what is finite of one, went beyond the limit."""
        for variable in view.variables:
            for at in self._steps(view, step):
                stats = view.recording.stats("gradient", variable.key, at)
                if stats is not None and max(abs(stats["min"]), abs(stats["max"])) > self.max_gradient:
                    return True
        return False

    def _steps(self, view: SubjectView, step: int) -> list[int]:
        found = {int(at) for one in view.variables for at in view.recording.observed_steps("gradient", one.key)}
        return sorted(at for at in found if at < step)

    def _loss(self, view: SubjectView, at: int) -> float:
        place = int(np.searchsorted(view.losses.steps, at))
        known = place < len(view.losses.steps) and int(view.losses.steps[place]) == at
        return float(view.losses.values[place]) if known else math.nan

    def _message(self, view: SubjectView, at: int, kernel: Site | None, function: str) -> str:
        cause = (
            f" The script takes a {function} there, whose slope is infinite at zero." if function in ("sqrt", "norm")
            else f" The script uses `{function}` in what it differentiates." if function
            else ""
        )  # fmt: skip
        if kernel is None:
            return f"The loss is finite at step {at}, and all weights are NaN one step later: the gradient was.{cause}"
        return (
            f"At step {at} the loss is {number(self._loss(view, at))}, outputs, weights and data are finite, and the "
            f"gradient of `{kernel.name}` is NaN: the update makes the weights NaN.{cause}"
        )
