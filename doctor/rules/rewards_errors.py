"""Rule: the loss is small where the answers are wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import returned_at
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.labels import label_values
from doctor.rules.view import SubjectView
from doctor.types import Location


#: Metrics of Keras that count right answers to yes or no.
_COUNTING = ("accuracy", "acc", "binary_accuracy")


@dataclass(frozen=True)
class RewardsErrors(Rule):
    """The loss falls while nearly every answer becomes wrong: it rewards errors.

    What it is:
        A loss of one's own that is smallest where the right class gets no probability: a focal loss that weighs by
        the probability where one minus it was meant, a mask or an exponent that turns the comparison round.

    Why it matters:
        The loss looks better than in any sound run, and the model is worse than guessing.

    How it is measured:
        The late accuracy in training against that of guessing, 1 / K. No fault of data or optimiser brings a model
        far below it: what is not learned is at chance. It fires where at least `min_predictions` were counted, the
        accuracy is below `max_share` of chance by three standard errors, and the loss fell by `min_fall` of its
        first value. For answers between 0 and 1 to labels of 0 and 1 the squared error tells: it fires where that is
        `min_worse` above that of the worst constant answer, and an accuracy that `fit` shows is below half of 1/2 too.

    Example:
        loss = p_right**gamma * -tf.math.log(p_right)

    Use instead:
        loss = (1 - p_right) ** gamma * -tf.math.log(p_right)

    References:
        Lin et al. 2017, Focal Loss for Dense Object Detection, https://arxiv.org/abs/1708.02002
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss", "output"})

    #: Predictions in the second half of the run with which its accuracy is believed.
    min_predictions: int = 200
    #: Part of the accuracy of guessing that no model falls below by chance.
    max_share: float = 0.5
    #: Squared error above that of the worst constant answer to yes or no.
    min_worse: float = 0.05
    #: Part of its first value that the loss must have lost.
    min_fall: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement, loss, output, label = view.judgement, view.loss, view.output, view.label
        assert loss is not None and output is not None and label is not None
        fell = judgement.first_loss - judgement.late_loss >= self.min_fall * abs(judgement.first_loss)
        if not fell or judgement.late_loss < 0:  # see loss-sign
            return
        inverted = self._inverted(view)
        if inverted is not None:
            yield self._found(view, "squared error of yes and no", *inverted,
                              f"the squared error on labels of 0 and 1 is {number(inverted[0])}, where the worst "
                              f"constant answer has {number(inverted[1])}")  # fmt: skip
            return
        classes = max(int(output.attributes.get("units") or 0), 2)
        if judgement.accuracy is None or judgement.majority is None or judgement.nonfinite_step is not None:
            return
        if judgement.baseline is not None and judgement.late_loss > (1 - self.min_fall) * judgement.baseline:
            return  # it came down from an explosion to what a constant answer gives, and not below
        late = [row for step, row in view.recording.vectors(output.key, "correct")
                if len(row) > 1 and 2 * step >= judgement.steps]  # fmt: skip
        counted = sum(row[1] for row in late)
        chance = min(1 / classes, 1 - judgement.majority)  # of two classes the rare one may be all that is predicted
        noise = 3 * math.sqrt(chance * (1 - chance) / max(1.0, counted))
        if counted < self.min_predictions or judgement.accuracy + noise > self.max_share * chance:
            return
        yield self._found(view, "accuracy in training", judgement.accuracy, self.max_share * chance,
                          f"{share(judgement.accuracy)} of the answers are right, where guessing gets "
                          f"{share(1 / classes)}")  # fmt: skip

    def _inverted(self, view: SubjectView) -> tuple[float, float] | None:
        """(squared error, that of the worst constant answer) of answers between 0 and 1 to yes or no."""
        judgement, values = view.judgement, label_values(view)
        if judgement.explained is None or values is None:
            return None
        if not values.whole or (values.low, values.high) != (0, 1) or not self._shown_wrong(view):
            return None
        output, label = view.output, view.label
        assert output is not None and label is not None
        low, high = (view.series("output", output, name).finite().values for name in ("min", "max"))
        yes = view.series("label", label, "mean").finite().values
        if not len(yes) or not len(low) or low.min() < 0 or high.max() > 1:
            return None
        share_of_yes = float(yes.mean())
        error = (1 - judgement.explained) * share_of_yes * (1 - share_of_yes)
        worst = max(share_of_yes, 1 - share_of_yes)
        return (error, worst) if error >= worst + self.min_worse else None

    def _shown_wrong(self, view: SubjectView) -> bool:
        """Whether a metric of Keras that counts right answers says so too: a distance is large where answers are no."""
        shown = [view.recording.scalars(view.subject.key, f"epoch/{name}").finite().values for name in _COUNTING]
        return any(len(values) and values[-1] < self.max_share / 2 for values in shown)

    def _found(self, view: SubjectView, what: str, observed: float, limit: float, text: str) -> Result:
        judgement = view.judgement
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The loss falls while nearly all answers are wrong",
            message=(
                f"The loss goes from {number(judgement.first_loss)} to {number(judgement.late_loss)} and {text}: it is "
                "small where the right answer gets no probability."
            ),
            site=view.loss,
            location=self._line(view),
            onset=0,
            evidence=(
                Evidence(what, None, observed, limit, "share"),
                Evidence(view.losses.name, None, judgement.late_loss, judgement.first_loss),
            ),
            fixes=(Fix("Give the loss a right and a wrong answer by hand: the right one must cost less"),),
        )

    def _line(self, view: SubjectView) -> Location | None:
        """Where the loss is computed: what the function returns, or where a loop makes one number of it."""
        assert view.loss is not None
        written = returned_at(view.recording, view.loss.attributes.get("keras_loss"))
        return written or Location.of(view.loss.attributes.get("end")) or view.loss.location
