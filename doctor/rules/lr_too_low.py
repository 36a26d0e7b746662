"""Rule: updates far too small for the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.compounding import compounding_line
from doctor.reading.directions import Turned
from doctor.reading.given import Given
from doctor.reading.rates import misplaced_rate
from doctor.reading.scheduling import schedule_line
from doctor.rules.advice import another_rate
from doctor.rules.base import Result, Rule, number
from doctor.rules.held_updates import held_back
from doctor.rules.updates import learning_rate, learning_rate_line, update_ratios
from doctor.rules.view import SubjectView
from doctor.rules.watched import turned
from doctor.types import Location, Series


@dataclass(frozen=True)
class LrTooLow(Rule):
    """The updates are so small that the weights hardly leave their start.

    What it is:
        The learning rate (or a schedule that ends at zero) shrinks every update to next to
        nothing.

    Why it matters:
        The run ends where it began, however long it was.

    How it is measured:
        The largest rms(update) / rms(weight) over the kernels, as the median over the observed steps, times
        the number of steps: the part of their own size that the weights can have moved in the whole run. It
        fires when the run fails, that path is below `min_path`, a single update is below `min_ratio`, and
        the gradient is not zero. A schedule that falls by `large_fall` and leaves a path of less than a
        tenth of `min_path` before a quarter of the run is over, or one that falls by `min_fall` and leaves less
        than `max_left` of the path made until then, is worth a warning also where the run closes
        less than `good_gain` of the gap to perfect prediction (`fair_gain` where it is over within the part `early` of
        the run), or where the rate ends at zero: then the
        other three quarters of the run do nothing at all. So is a schedule that falls by `min_fall` and multiplies
        the present rate, not the first one, by a power of the epoch. A learning rate of zero or below is an error by
        construction, and so is a ReduceLROnPlateau in use that watches a figure with the wrong mode. Where updates are
        below `held` of what the rate would make of the gradient, an epsilon of at least `large_epsilon` or a bound
        that gradients are clipped to is named instead of the rate.

    Example:
        optimizer = tf.keras.optimizers.SGD(learning_rate=1e-7)

    Use instead:
        optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)

    References:
        https://cs231n.github.io/neural-networks-3/#ratio
    """

    fault: ClassVar[str] = "lr-too-low"
    needs: ClassVar[frozenset[str]] = frozenset({"update", "weight"})

    #: Smallest healthy ratio of a single update: a tenth of the healthy thousandth. At more the weights
    #: would have come far enough in a few hundred steps, and a run of fewer is short rather than slow.
    min_ratio: float = 1e-4
    #: Smallest path of a whole run. Networks that learned anything moved by some hundredths at least.
    min_path: float = 0.05
    #: Share of the gap to perfect prediction from which on a schedule that ended early did no harm.
    good_gain: float = 0.5
    #: Part of the run after which nobody can have meant a schedule to end.
    early: float = 0.1
    #: Share of the gap from which on one that ended as early as that did no harm.
    fair_gain: float = 0.9
    #: How far a schedule falls after which nothing is left of it.
    large_fall: float = 1000.0
    #: How far it falls after which little is left.
    min_fall: float = 100.0
    #: Share of the path until then that three quarters of a run should add at least.
    max_left: float = 0.1
    #: Share of what the rate would make of the gradient below which something else holds the updates back.
    held: float = 0.1
    #: Smallest epsilon that is worth a word, ten thousand times that of Keras; whether it holds the updates back is
    #: measured.
    large_epsilon: float = 1e-3
    #: Where an update should lie.
    good_ratio: float = 1e-3

    def check(self, view: SubjectView) -> Iterator[Result]:
        rate = learning_rate(view)
        if rate is not None and rate <= 0 and not self._scheduled(view):
            yield self._zero(view, rate)
            return
        place = view.optimizer.location if view.optimizer is not None else None
        misplaced = misplaced_rate(view.recording, place)
        gain = view.judgement.gain
        poor = view.judgement.failing if gain is None else gain < self.good_gain
        if misplaced is not None and place is not None and poor:
            yield self._misplaced(view, place, misplaced)
            return
        plateau = turned(view, "ReduceLROnPlateau")
        if plateau is not None:
            yield self._reduced_for_nothing(view, plateau)
            return
        ratios = update_ratios(view)
        if not len(ratios):
            yield self.not_checked(view, "no update was observed while the loss was finite")
            return
        typical = float(np.median(ratios.values))
        path = typical * max(view.judgement.steps, 1)
        spent = self._decayed(view, ratios)
        good = self.good_gain if spent is None or spent[0] > self.early * view.judgement.steps else self.fair_gain
        if spent is not None and (spent[2] == 0 or (view.judgement.gain or 0.0) < good):
            yield self._schedule(view, *spent)
            return
        compounds = self._compounds(view)
        if compounds is not None:
            yield compounds
            return
        if typical >= self.min_ratio or path >= self.min_path:
            yield self.ruled_out(
                f"an update moves the weights by {number(100 * typical)} %, over {view.judgement.steps} steps by up to "
                f"{number(path)} times their size"
            )
            return
        gradient = max((float(np.median(view.series("gradient", k, "norm").values)) for k in view.kernels
                        if len(view.series("gradient", k, "norm"))), default=0.0)  # fmt: skip
        severity = view.degree_of_learning
        if severity is None or typical == 0 or gradient == 0:
            return
        held = held_back(view, rate, self.held, self.large_epsilon)
        if held is not None:
            evidence = self._evidence(view, typical, path, gradient, rate)
            yield self._bounded(view, *held, [*evidence], severity)
            return
        factor = 10.0 ** round(np.log10(self.good_ratio / typical))
        better = 10.0 ** round(np.log10((rate or 1.0) * factor))
        raised = f"Raise the learning rate about {factor:.0f}-fold"
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="The learning rate is too low" + (f": {number(rate)}" if rate is not None else ""),
            message=(
                f"One update moves the weights by {number(100 * typical)} % of their size; "
                f"{view.judgement.steps} steps move "
                f"them by at most {number(100 * path)} %. The loss goes from {number(view.judgement.first_loss)} to "
                f"{number(view.judgement.late_loss)}."
            ),
            site=view.optimizer,
            location=learning_rate_line(view),
            evidence=self._evidence(view, typical, path, gradient, rate),
            fixes=(Fix(raised),) if rate is None else (another_rate(view, better, raised),),
        )

    def _bounded(
        self, view: SubjectView, held: Given, left: float, evidence: list[Evidence], severity: Severity
    ) -> Result:
        """Updates that are small for another reason than the rate."""
        epsilon = held.word == "epsilon"
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title=f"The updates are held back by {held.word if epsilon else 'a bound on the gradient'}: "
            f"{number(held.value)}",
            message=(
                f"An update is {number(100 * left)} % of what the learning rate would make of it: "
                + (
                    f"epsilon, {number(held.value)}, is added to the size of the gradient that divides it."
                    if epsilon
                    else f"the gradient is clipped to {number(held.value)}, which is far below its size."
                )
                + f" {view.judgement.steps} steps move the weights by at most {number(100 * evidence[1].observed)} % "
                "of their size."
            ),
            site=view.optimizer,
            location=held.location,
            evidence=[*evidence, Evidence(held.word, None, held.value),
                      Evidence("update over what the rate would make of it", None, left, self.held)],
            fixes=(
                Fix("Leave epsilon at its default", "epsilon=1e-7", held.location) if epsilon
                else Fix("Clip only what is far above the usual gradient", "clipnorm=1.0", held.location),
            ),
        )  # fmt: skip

    def _misplaced(self, view: SubjectView, place: Location, given: str) -> Result:
        rate = learning_rate(view)
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"`{given}` stands where the optimiser takes the learning rate",
            message=(
                f"The first argument of an optimiser is its learning rate, and the rate is given after `{given}`."
                + (f" So the rate is {number(rate)}." if rate is not None else "")
                + f" The loss goes from {number(view.judgement.first_loss)} to {number(view.judgement.late_loss)}."
            ),
            site=view.optimizer,
            location=place,
            evidence=(Evidence("learning_rate", 0, rate),) if rate is not None else (),
            fixes=(Fix("Give both by their names", "learning_rate=..., weight_decay=...", place),),
        )

    def _reduced_for_nothing(self, view: SubjectView, plateau: Turned) -> Result:
        """A rate that is lowered whenever the figure that is watched gets better."""
        rates = view.recording.scalars(view.subject.key, "learning_rate").finite().values
        text = f", from {number(float(rates[0]))} to {number(float(rates[-1]))}" if len(rates) else ""
        return self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title=f"The learning rate is lowered while `{plateau.monitor}` gets better",
            message=(
                f"ReduceLROnPlateau watches `{plateau.monitor}` with mode={plateau.mode!r}: every improvement counts "
                f"as none, and the rate is lowered again and again{text}."
            ),
            site=view.optimizer,
            location=plateau.location,
            evidence=(Evidence("learning_rate", None, float(rates[-1]) if len(rates) else 0.0),),
            fixes=(Fix("Turn the mode round, or leave it to Keras",
                       f'mode="{"min" if plateau.mode == "max" else "max"}"', plateau.location),),
        )  # fmt: skip

    def _decayed(self, view: SubjectView, ratios: Series) -> tuple[int, float, float] | None:
        """(step, rate there, rate at the end) from which on a falling schedule leaves the weights where they are.

        Within the first quarter of the run; what is left of the path is below a tenth of `min_path`.
        """
        rates = view.recording.scalars(view.subject.key, "learning_rate").finite()
        steps = view.judgement.steps
        fall = rates.values.max() / max(float(rates.values[-1]), 1e-30) if len(rates) >= 5 else 0.0
        # A rate that is lowered as the loss settles has done what it could by then.
        if fall < (self.large_fall if _on_plateau(view) else self.min_fall) * (1 - 1e-4):
            return None
        at = np.append(ratios.steps, steps)
        path = ratios.values * np.diff(at)  # what is not observed moves like the observed step before it
        left = np.cumsum(path[::-1])[::-1]
        over = left < 0.1 * self.min_path if fall >= self.large_fall * (1 - 1e-4) else np.zeros(len(left), bool)
        if not _on_plateau(view):
            over |= left < self.max_left * (left[0] - left)
        over = np.flatnonzero(over)
        if not len(over) or ratios.steps[over[0]] > 0.25 * steps:
            return None
        step = int(ratios.steps[over[0]])
        rate = float(rates.values[min(int(np.searchsorted(rates.steps, step)), len(rates) - 1)])
        return step, rate, float(rates.values[-1])

    def _schedule(self, view: SubjectView, step: int, rate: float, last: float) -> Result:
        first = float(view.recording.scalars(view.subject.key, "learning_rate").values[0])
        steps = view.judgement.steps
        line = schedule_line(view.recording) or learning_rate_line(view)
        code = f"decay_steps={steps}" if line is None or "decay_steps" in line.code or not line.code else ""
        return self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.CERTAIN if last == 0 and step <= self.early * steps else Confidence.HIGH,
            title=f"The schedule leaves no learning rate after {step} of {steps} steps",
            message=(
                f"The learning rate falls from {number(first)} to {number(rate)} at step {step} and to {number(last)} "
                f"at the end: from step {step} on the weights stay where they are."
            ),
            site=view.optimizer,
            location=line,
            onset=step,
            evidence=(Evidence("learning_rate", 0, first), Evidence("learning_rate", step, rate)),
            fixes=(Fix("Let the rate fall over the whole run", code, line),),
        )

    def _compounds(self, view: SubjectView) -> Result | None:
        """A schedule that lowers the present rate by what it should lower the first one by."""
        rates = view.recording.scalars(view.subject.key, "learning_rate").finite().values
        gain = view.judgement.gain
        if len(rates) < 2 or not float(rates.max()) >= self.min_fall * max(float(rates[-1]), 1e-30):
            return None
        place = compounding_line(view.recording) if gain is None or gain < self.fair_gain else None
        if place is None:
            return None
        first, last = float(rates[0]), float(rates[-1])
        return self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The decay of the learning rate compounds: it ends at {number(last)}",
            message=(
                f"The schedule multiplies the present rate, which it lowered before, by a power of the epoch: the rate "
                f"falls from {number(first)} to {number(last)}, far faster than the same power of the first rate. The "
                f"loss goes from {number(view.judgement.first_loss)} to {number(view.judgement.late_loss)}."
            ),
            site=view.optimizer,
            location=place,
            evidence=(Evidence("learning_rate", 0, first), Evidence("learning_rate", None, last)),
            fixes=(Fix("Multiply the first rate, which is kept aside", "return first_rate * decay ** epoch"),),
        )

    def _scheduled(self, view: SubjectView) -> bool:
        """Whether the rate is warmed up from zero."""
        rates = view.recording.scalars(view.subject.key, "learning_rate").values
        return len(rates) > 0 and float(rates.max()) > 0

    def _zero(self, view: SubjectView, rate: float) -> Result:
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"The learning rate is {number(rate)}",
            message="No update moves the weights downhill." if rate < 0 else "No update moves the weights at all.",
            site=view.optimizer,
            location=learning_rate_line(view),
            evidence=(Evidence("learning_rate", 0, rate, 0.0),),
            fixes=(another_rate(view, 0.01, "Set a positive learning rate"),),
        )

    def _evidence(
        self, view: SubjectView, typical: float, path: float, gradient: float, rate: float | None
    ) -> Iterator[Evidence]:
        yield Evidence("update over weight, median", None, typical, self.min_ratio)
        yield Evidence("update over weight, whole run", None, path, self.min_path)
        yield Evidence("gradient/norm, largest of a kernel", None, gradient)
        if rate is not None:
            yield Evidence("learning_rate", 0, rate)


def _on_plateau(view: SubjectView) -> bool:
    """Whether a callback lowers the rate once the loss no longer falls."""
    callbacks = [one for fit in view.sites("fit", None) for one in fit.attributes.get("callbacks") or ()]
    return any("Plateau" in str(one.get("class")) for one in callbacks)
