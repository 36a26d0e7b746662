"""Rule: the training fails and no other rule says why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Finding, Fix, Severity
from doctor.judgement import SHORT_STEPS, Judgement
from doctor.rules.base import Result, Rule, share
from doctor.rules.slope import LEVEL, late_slope
from doctor.rules.view import BEHIND, SubjectView


def _rises(judgement: Judgement) -> bool:
    """Whether the loss ends far above its start: no sound training of any length does."""
    return judgement.late_loss > 2 * abs(judgement.first_loss)


@dataclass(frozen=True)
class UnexplainedFailure(Rule):
    """The training fails, and no rule explains it.

    What it is:
        The model is not clearly better than the best constant prediction, yet everything that
        was checked is in order.

    Why it matters:
        "Nothing found" is not "healthy". What was ruled out narrows down what is left: labels
        that do not belong to their inputs, a task that cannot be learned from them, or code
        between the two that was not seen.

    How it is measured:
        The late loss and accuracy against those of the best constant prediction on the labels
        seen (see `doctor/judgement.py`), and no finding of severity error. A run of at most
        a hundred steps is blamed only where its loss ends far above its start. A run that trains, and whose loss no
        longer falls, is warned about where nearest neighbours or a straight line, on a few hundred of its rows, do
        clearly better.

    Example:
        x = shuffle(x)
        y = shuffle(y)  # in another order

    Use instead:
        order = rng.permutation(len(x))
        x, y = x[order], y[order]

    References:
        Karpathy 2019, A Recipe for Training Neural Networks, https://karpathy.github.io/2019/04/25/recipe/
    """

    fault: ClassVar[str] = "unknown"
    scope: ClassVar[str] = "last"

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        # One that still falls: see too-few-steps.
        on_its_way = judgement.falling and late_slope(view) < LEVEL
        if judgement.training and view.behind and not view.found and not on_its_way:
            yield self._behind(view)
            return
        if not judgement.failing or any(finding.severity is Severity.ERROR for finding in view.found):
            return
        if judgement.steps <= SHORT_STEPS and judgement.nonfinite_step is None and not _rises(judgement):
            # Plain SGD may leave the start later than that: no reason to blame what nothing explains.
            yield self.not_checked(view, f"the run took {judgement.steps} steps, too few to blame what is in order")
            return
        evidence = []
        if math.isfinite(judgement.late_loss):
            evidence.append(Evidence(view.losses.name, None, judgement.late_loss, judgement.baseline, "",
                                     "mean of the last steps; the limit is that of a constant prediction"))  # fmt: skip
        if judgement.accuracy is not None:
            evidence.append(Evidence("accuracy", None, judgement.accuracy, judgement.majority, "share",
                                     "the limit is the share of the most frequent class"))  # fmt: skip
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.LOW,
            title="The training fails, and nothing that was checked explains it",
            message=(
                f"The run fails: {judgement.reason}. What was ruled out is listed below; check next whether labels "
                "belong to their inputs."
            ),
            site=view.subject,
            onset=judgement.nonfinite_step or 0,
            evidence=evidence,
            fixes=(
                Fix("Print a few inputs with their labels just before the training step, and check them by eye"),
                Fix("Train on 16 fixed examples: a sound model drives their loss to zero"),
            ),
        )

    def _behind(self, view: SubjectView) -> Finding:
        """The run trains, and guesses without any training do clearly better."""
        gained = view.guessed or 0.0
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.LOW,
            title="The run learns less than nearest neighbours or a straight line would",
            message=(
                f"It gains {share(gained)} of what guesses without any training gain from a few hundred of its rows: "
                f"{view.judgement.reason}. Something holds it back that no rule can name; the rate, the number of "
                "steps and the inputs are what to look at first."
            ),
            site=view.subject,
            onset=0,
            evidence=(Evidence("gain over that of guesses", None, gained, BEHIND, "share"),),
            fixes=(
                Fix("Try a learning rate ten times as large, and one of a tenth"),
                Fix("Print a few inputs with their labels just before the training step, and check them by eye"),
            ),
        )
