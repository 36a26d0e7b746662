"""Rule: a pairwise loss puts the negative examples before the positive ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.ranking import ranked_backwards
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class RankedBackwards(Rule):
    """A pairwise loss brings the scores of positive examples below those of negative ones.

    What it is:
        softplus or relu of a difference is made small by making the difference negative. With scores the
        negative example has to stand first: softplus(negative - positive). With distances, as in a triplet loss, it
        is the other way round.

    Why it matters:
        The loss falls as nicely as in a sound run, and the ranking is worse than by chance.

    How it is measured:
        In the script: names that speak of positive and negative examples, their signs in the sum that the function
        is given, and words for scores (and none for distances), or for distances only, in what they are given. Of
        functions of two vectors, what they return tells: a product, a difference, Keras's cosine similarity, which is
        negative for vectors that are alike. Names are no proof, so that this is a warning.

    Example:
        loss = tf.reduce_mean(tf.nn.softplus(positive_score - negative_score))

    Use instead:
        loss = tf.reduce_mean(tf.nn.softplus(negative_score - positive_score))

    References:
        Rendle et al. 2009, BPR: Bayesian personalized ranking from implicit feedback
    """

    fault: ClassVar[str] = "loss-sign"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = ranked_backwards(view.recording)
        if found is None:
            return
        place, far = found
        judgement = view.judgement
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title="The pairwise loss brings positive scores below negative ones" if not far
            else "The pairwise loss brings positive examples farther away than negative ones",
            message=(
                f"`{place.code}` is small where the score of the positive example is below that of the negative one: "
                "what is liked is ranked last. With distances it would be right."
                if not far
                else f"`{place.code}` is small where the positive example is farther away than the negative one: what "
                "belongs together is driven apart. With scores it would be right."
            ),
            site=view.loss,
            location=place,
            onset=0,
            evidence=(
                Evidence(view.losses.name, 0, judgement.first_loss),
                Evidence(view.losses.name, None, judgement.late_loss, None, "", "it falls all the same"),
            ),
            fixes=(Fix("Let the two change places, and look at a ranking measure on held-out pairs"),),
        )
