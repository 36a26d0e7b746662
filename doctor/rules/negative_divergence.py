"""Rule: the divergence of a variational autoencoder is below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.divergences import divergence
from doctor.rules.base import Result, Rule, number
from doctor.rules.terms import other_terms
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class NegativeDivergence(Rule):
    """The divergence from the normal distribution is added with the wrong sign.

    What it is:
        The Kullback-Leibler divergence is never below zero. Without the minus before its sum,
        1 + log v - m^2 - v, or subtracted instead of added, it is never above.

    Why it matters:
        The optimiser then drives the code away from the normal distribution without bound: the means
        and variances explode, and the loss falls to minus infinity or is NaN.

    How it is measured:
        The script adds a divergence of a code from a normal distribution to its loss, and what the loss has
        beside that of the data is below zero by at least `min_share` of the latter, at half of the observed
        steps or more.

    Example:
        kl = 0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), axis=1)

    Use instead:
        kl = -0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), axis=1)

    References:
        Kingma and Welling 2014, Auto-Encoding Variational Bayes, appendix B, https://arxiv.org/abs/1312.6114
    """

    fault: ClassVar[str] = "loss-sign"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Rounding of two sums is less.
    min_share: float = 1e-3

    def check(self, view: SubjectView) -> Iterator[Result]:
        term = divergence(view.recording)
        terms = other_terms(view) if term is not None else []
        if term is None or not terms:
            return
        below = [one for one in terms if one[1] < -self.min_share * abs(one[2])]
        if 2 * len(below) < len(terms):
            yield self.ruled_out("the divergence is not below zero")
            return
        step, worst, data = min(below, key=lambda one: one[1])
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The divergence has the wrong sign",
            message=(
                f"What is added to the loss of the data goes down to {number(worst)} (at step {step}, beside "
                f"{number(data)}). A divergence is never below zero: it is maximised here."
            ),
            site=view.loss or view.subject,
            location=term.location,
            onset=int(below[0][0]),
            evidence=(Evidence("loss beside that of the data", step, worst, 0.0),),
            fixes=(Fix("Turn its sign", "kl = -0.5 * (1 + log_var - mean ** 2 - exp(log_var))", term.location),),
        )
