"""Rule: weights of an attention that are zeros and ones before anything was learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Fix, Severity
from doctor.rules.base import Result, Rule, point, share
from doctor.rules.view import SubjectView
from doctor.types import Series, Site


@dataclass(frozen=True)
class HardAttention(Rule):
    """A softmax within the network answers with zeros and ones from the first step on.

    What it is:
        The scores that enter the softmax of an attention, of a gate or of a memory are so large that one of them takes
        all: they were multiplied by what they should be divided by, or not divided at all.

    Why it matters:
        The derivative of a softmax that answers 0 or 1 is next to zero. Which place is attended to is drawn with the
        first weights and is never learned.

    How it is measured:
        The share of the values of the softmax that lie within 0.02 of 0 or of 1. It fires where that is at least
        `max_hard` at the first and at the last observed step, and at the first one place takes all in `max_taken` of
        the rows, for a softmax that does not feed the loss, and the run fails; as a warning where it no longer falls
        and closed less than `good_gain` of the gap to perfect prediction.

    Example:
        weights = tf.nn.softmax(scores * tf.sqrt(64.0))

    Use instead:
        weights = tf.nn.softmax(scores / tf.sqrt(64.0))

    References:
        Vaswani et al. 2017, Attention Is All You Need, section 3.2.1, https://arxiv.org/abs/1706.03762
    """

    fault: ClassVar[str] = "saturation"
    needs: ClassVar[frozenset[str]] = frozenset({"activation"})

    #: Normal scores of spread 1 have 0.05, 0.12, 0.48 and 0.88 here, over 6, 10, 30 and 100 places, and of spread 50
    #: 0.97 to 0.996 (drawn): over many places most weights are near 0 by nature, so those near 1 are counted apart.
    max_hard: float = 0.95
    #: Share of the rows in which one place takes all at the first step. Of normal scores over 6 to 100 places none of
    #: spread 1, 0.22 to 0.49 of spread 8, 0.82 to 0.9 of spread 50 (drawn).
    max_taken: float = 0.8
    #: Share of the gap to perfect prediction from which on a run that no longer falls has learned its task.
    good_gain: float = 0.9

    def check(self, view: SubjectView) -> Iterator[Result]:
        inner = [site for site in view.activations
                 if site.attributes.get("function") == "softmax" and "loss" not in (site.attributes.get("next") or ())
                 and (view.output is None or site.name != view.output.name)]  # fmt: skip
        measured = [(site, hard) for site in inner if (hard := self._hard(view, site)) is not None]
        if not measured:
            return
        site, hard = max(measured, key=lambda one: float(one[1].values[0]))
        gain = view.judgement.gain
        poor = not view.judgement.falling and gain is not None and gain < self.good_gain
        severity = view.degree_of_learning or (Severity.WARNING if poor else None)
        if severity is None or min(float(hard.values[0]), float(hard.values[-1])) < self.max_hard:
            yield self.ruled_out(f"{share(float(hard.values[0]))} of the attention begins at 0 or 1")
            return
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title=f"The softmax of `{site.name}` is saturated from the first step on",
            message=(
                f"{share(float(hard.values[0]))} of its values are within 0.02 of 0 or 1 before anything was learned, "
                f"and {share(float(hard.values[-1]))} at the end: one place takes all, and next to no gradient passes "
                "to the scores."
            ),
            site=site,
            onset=int(hard.steps[0]),
            evidence=(point(hard, 0, self.max_hard, "share"), point(hard, len(hard) - 1, self.max_hard, "share")),
            fixes=(Fix("Divide the scores by the square root of their width", "scores / tf.sqrt(float(width))"),),
        )

    def _hard(self, view: SubjectView, site: Site) -> Series | None:
        """The share of values at a limit, where about one of each row is near 1; None where it is not."""
        low, high, mean = (view.series("activation", site, name) for name in ("low_share", "high_share", "mean"))
        if not len(low) or len(low) != len(high) or len(mean) != len(high) or mean.values[0] <= 0:
            return None
        # The mean of a softmax is one over the number of places, and so is the share near 1 where one takes all.
        if high.values[0] < self.max_taken * mean.values[0]:
            return None
        return Series(f"activation/{site.name}/share at a limit", low.steps, low.values + high.values)
