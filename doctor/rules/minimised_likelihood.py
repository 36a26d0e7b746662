"""Rule: a likelihood is made small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.likelihoods import minimised_likelihood
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class MinimisedLikelihood(Rule):
    """The loss is a likelihood, a lower bound of one or a reward, without a minus before it.

    What it is:
        An objective that is written down to be maximised is handed to an optimiser that minimises.

    Why it matters:
        Every step makes the data less likely. The loss falls far below zero, which looks like success.

    How it is measured:
        In the source a loss is what a function returns that is called a likelihood, a log-probability, a lower bound
        or an expected reward, or that returns a mean of log(e^x / sum e^x), as a partial likelihood is, with no minus
        before it or in it. It fires where the loss falls, and ends below zero: what is written so and turned elsewhere
        does neither.

    Example:
        loss = log_likelihood(model(x), t)

    Use instead:
        loss = -log_likelihood(model(x), t)

    References:
        Goodfellow, Bengio and Courville 2016, Deep Learning, chapter 5.5
    """

    fault: ClassVar[str] = "loss-sign"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: How far the loss must fall, over its size at the start: log-densities that are turned elsewhere hardly move.
    min_fall: float = 1.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = minimised_likelihood(view.recording)
        first, late = view.judgement.first_loss, view.judgement.late_loss
        if found is None or not late < first - self.min_fall * abs(first) or late >= 0:
            yield self.ruled_out("no likelihood is made small")
            return
        place, name = found
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"`{name}` is made small: the sign of the loss is wrong",
            message=(
                f"The loss is what `{name}` returns, which is large where the model is good. The training brings it "
                f"from {number(first)} to {number(late)}: the data gets less and less likely."
            ),
            site=view.loss or view.subject,
            location=place,
            onset=0,
            evidence=(Evidence(view.losses.name, None, late, first, "", "the limit is the loss at the start"),),
            fixes=(Fix("Put a minus before it", "", place),),
        )
