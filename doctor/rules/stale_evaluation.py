"""Rule: what is evaluated is not what was trained."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.averages import Averaged, averaged_by_the_optimiser
from doctor.reading.loops import rebound
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView

#: Findings beside which this one may stand: what the same numbers look like to other rules.
_LOOKALIKES = frozenset({"overfitting", "too-few-steps", "unknown", "metric-wrong"})


@dataclass(frozen=True)
class StaleEvaluation(Rule):
    """The weights that are evaluated are not those that were trained.

    What it is:
        Averaged, copied or exported weights take the place of the trained ones in the evaluation, and
        were never brought up to date: an update that binds a name anew instead of assigning to the
        variable, a second model that nothing was copied to, an old checkpoint.

    Why it matters:
        The evaluation is at chance however good the training is. It looks like overfitting, and
        neither more data nor regularisation changes it.

    How it is measured:
        Nearest training rows guess the labels of held-out rows: where these guesses gain `min_gain`
        of the way from the most frequent class to all right, held-out rows are like training rows and
        overfitting cannot be the reason. It fires where the model gains that much in training, and in
        evaluations of the last half of the run at most `max_kept` of what the guesses gain and no more than
        chance gives, while no other
        rule found an error that would explain it.

    Example:
        for average, weight in zip(averages, model.weights):
            average = 0.99 * average + 0.01 * weight

    Use instead:
        for average, weight in zip(averages, model.weights):
            average.assign(0.99 * average + 0.01 * weight)

    References:
        https://www.tensorflow.org/guide/variable
    """

    fault: ClassVar[str] = "update-missing"
    scope: ClassVar[str] = "last"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "output"})

    #: Share of the way from guessing to all right that neighbours and training must reach.
    min_gain: float = 0.5
    #: Part of the neighbours' gain that the evaluation may reach.
    max_kept: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        told = next((site.attributes["renaming"] for site in view.sites("rows", "eval")
                     if isinstance(site.attributes.get("renaming"), dict)), None)  # fmt: skip
        majority, reached, fitted = judgement.majority, judgement.eval_accuracy, judgement.accuracy
        if told is None or majority is None or reached is None or fitted is None or len(view.recording.subjects) > 1:
            return
        if any(one.severity is Severity.ERROR and one.fault not in _LOOKALIKES for one in view.found):
            return
        room = 1 - majority
        neighbours, trained, kept = ((one - majority) / room for one in (float(told["agree"]), fitted, reached))
        if min(neighbours, trained) < self.min_gain or kept > self.max_kept * neighbours or not self._late(view):
            return
        if reached - majority > 3 * math.sqrt(majority * room / self._counted(view)):
            return  # what is better than guessing was learned: the weights are those, and fit the training too well
        average = averaged_by_the_optimiser(view.recording)
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title="What is evaluated is not what was trained",
            message=(
                f"The nearest training rows tell {share(float(told['agree']))} of the held-out labels, and the model "
                f"{share(reached)} of them after {share(fitted)} in training. Held-out rows are like training rows, so "
                "that this is no overfitting: the evaluation uses other weights, or another preparation."
                + (self._start_left(average, judgement.steps) if average is not None else "")
            ),
            site=view.first_site("output", "eval") or view.subject,
            location=(average.location if average is not None else rebound(view.recording)) or view.subject.location,
            onset=0,
            evidence=(
                Evidence("accuracy in evaluation", None, reached, float(told["agree"]), "share",
                         "the limit is what nearest training rows reach"),
                Evidence("accuracy in training", None, fitted, None, "share"),
            ),
            fixes=(
                Fix("Average over fewer steps, or leave it out", "ema_momentum=0.9", average.location)
                if average is not None
                else Fix("Assign to the variables that are evaluated",
                         "average.assign(d * average + (1 - d) * weight)"),
            ),
        )  # fmt: skip

    @staticmethod
    def _start_left(average: Averaged, steps: int) -> str:
        """What the average that `fit` leaves in the model still holds of the weights before the first step."""
        if average.momentum is None:
            return " With `use_ema=True` the optimiser leaves an average of the weights in the model."
        return (
            " With `use_ema=True` the optimiser leaves an average of the weights in the model: at "
            f"{average.momentum:g} a step, after {steps} steps {share(average.momentum**steps)} of it are the weights "
            "of the start."
        )

    def _counted(self, view: SubjectView) -> float:
        """Predictions of the evaluations that were seen last, one at least."""
        counts = [row[1] for site in view.sites("output", "eval")
                  for _, row in view.recording.vectors(site.key, "correct") if len(row) > 1]  # fmt: skip
        return max(1.0, float(counts[-1])) if counts else 1.0

    def _late(self, view: SubjectView) -> bool:
        """Whether evaluations were seen in the last half of the run."""
        outputs = view.sites("output", "eval")
        seen = [step for site in outputs for step, _ in view.recording.vectors(site.key, "correct")]
        return bool(seen) and max(seen) >= view.judgement.steps / 2
