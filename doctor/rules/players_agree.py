"""Rule: the generator of an adversarial pair is trained to be found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.players import players_agree
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class PlayersAgree(Rule):
    """The losses of generator and discriminator pull the scores of what is generated the same way.

    What it is:
        The discriminator makes the scores of generated examples small. The generator has to make the same scores
        large: by labels of one where the discriminator has zeros, or by a minus before their mean. Without it both
        work for the discriminator.

    Why it matters:
        Both losses fall nicely, and what is generated gets ever less like the data.

    How it is measured:
        In the script: functions and names that say whose loss they are, and the sign with which scores of what is
        generated stand in each, through means, hinges, logarithms, squares and cross-entropies against ones or zeros.
        It fires where both are told and agree, in a run that trains two models in turn. Names are no proof, so that
        this is a warning.

    Example:
        gen_loss = bce(tf.zeros_like(fake_scores), fake_scores)

    Use instead:
        gen_loss = bce(tf.ones_like(fake_scores), fake_scores)

    References:
        Goodfellow et al. 2014, Generative Adversarial Nets, section 3, https://arxiv.org/abs/1406.2661
    """

    fault: ClassVar[str] = "loss-sign"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        subjects = view.recording.subjects
        found = players_agree(view.recording) if len(subjects) > 1 and view.subject == subjects[0] else None
        if found is None:
            return
        place, pull = found
        way = "small" if pull > 0 else "large"
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The generator is trained to be found out: its loss pulls as that of the discriminator does",
            message=(
                f"`{place.code}` is small where the scores of what is generated are {way}, and so is the loss of the "
                "discriminator: both work against the generator."
            ),
            site=view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("losses that pull the scores of generated examples one way", None, 2.0, 1.0),),
            fixes=(Fix("Turn the generator's loss round: labels of one, or a minus before the mean of the scores"),),
        )
