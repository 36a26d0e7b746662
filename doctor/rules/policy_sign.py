"""Rule: a policy gradient that goes the wrong way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.policies import raised_policy
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class PolicySign(Rule):
    """The loss of a policy gradient lacks its minus: good actions are made rare.

    What it is:
        The objective of REINFORCE, the mean of advantages times log-probabilities, is to be made large. An optimiser
        minimises, so that the loss is minus that.

    Why it matters:
        The agent learns to do what is worst. As advantages have both signs the loss does not tell: it hovers about
        zero either way.

    How it is measured:
        In the source: a term of a loss that is a product, or the mean of one, of something that is called an
        advantage, return or reward and of the logarithm of a probability, with no minus on the way and no gradient
        that is added or turned; or of a cross-entropy, which has its minus already, with another one. Names are no
        proof, so that this is a warning.

    Example:
        loss = tf.reduce_mean(advantages * log_probs)

    Use instead:
        loss = -tf.reduce_mean(advantages * log_probs)

    References:
        Williams 1992, Simple statistical gradient-following algorithms, https://doi.org/10.1007/BF00992696
    """

    fault: ClassVar[str] = "loss-sign"
    worst: ClassVar[Severity] = Severity.WARNING
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        place = raised_policy(view.recording)
        if place is None or view.subject != view.recording.subjects[0]:
            return
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The policy gradient has the wrong sign",
            message=(
                f"`{place.code}` is made small: log-probabilities of actions with a large advantage go down. The "
                "objective of a policy gradient is to be made large, and its loss is minus that."
            ),
            site=view.loss,
            location=place,
            onset=0,
            evidence=(Evidence("minus signs before the objective", None, 0.0, 1.0),),
            fixes=(Fix("Minimise minus the objective"),),
        )
