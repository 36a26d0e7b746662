"""Rule: a sum over the whole batch is added to the loss of each example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class BatchTotal(Rule):
    """A sum over the whole batch is added to the loss of each example.

    What it is:
        A sum without an axis, where one along the last axis was meant. It is a single number, which is added to the
        number of every example without a complaint.

    Why it matters:
        The mean over the examples then counts this part as many times as the batch has examples: it drowns the rest.

    How it is measured:
        In the network's own ops: a sum over all axes of values of every example, which reaches an addition to a
        vector with one number for each example by signs, factors and other sums only, and a mean over the examples
        after that. Penalties on weights depend on no example, means divide by their number, and a factor below
        0.1 says that the sum was weighed. A warning where the run gains `good_gain` of the gap to perfect
        prediction all the same.

    Example:
        loss = tf.reduce_mean(error + tf.reduce_sum(divergence))

    Use instead:
        loss = tf.reduce_mean(error + tf.reduce_sum(divergence, axis=-1))

    References:
        https://www.tensorflow.org/api_docs/python/tf/math/reduce_sum
    """

    fault: ClassVar[str] = "loss-shape"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Share of the gap to perfect prediction from which on the sum does little harm.
    good_gain: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        site = view.first_site("batch_total")
        if site is None:
            yield self.ruled_out("no sum over the batch is added to the loss of each example")
            return
        judgement = view.judgement
        well = judgement.training and judgement.by != "curve" and (judgement.gain or 0.0) >= self.good_gain
        added = Location.of(site.attributes.get("added"))
        yield self.finding(
            view,
            severity=Severity.WARNING if well else Severity.ERROR,
            confidence=Confidence.HIGH,
            title="A sum over the whole batch is added to each example",
            message=(
                "The sum has no axis and is one number for all examples together. It is added to the number of each "
                f"of them{f' on line {added.line}' if added is not None else ''}, and their mean is taken: it counts "
                "as many times as the batch has examples."
            ),
            site=site,
            location=site.location,
            onset=0,
            evidence=(Evidence("axes of the sum", 0, 0.0, 1.0, "", "one number for each example is right"),),
            fixes=(Fix("Sum over the values of an example", "axis=-1", site.location),),
        )
