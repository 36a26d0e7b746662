"""Rule: a loss that is zero from the first step on, whatever the network says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class ZeroLoss(Rule):
    """The loss is zero from the first step on, and so is its gradient.

    What it is:
        What is minimised does not depend on the network: differences of shares that are added up over all classes,
        a mean of what was standardised, a product with a mask of zeros.

    Why it matters:
        There is nothing to descend. Weights move by rounding alone, which looks like a training that is stuck.

    How it is measured:
        The loss of the data at all of at least `min_steps` steps, the first included, stays below `max_loss`, and the
        norm of every observed gradient below `max_gradient`; and below `max_share` of what a constant prediction
        costs, where that is known. A network that was just drawn is never that good.

    Example:
        loss = tf.reduce_sum((actions - probabilities) * reward[:, None])  # each row of the first factor adds up to 0

    Use instead:
        loss = -tf.reduce_sum(actions * tf.math.log(probabilities) * reward[:, None])

    References:
        Williams 1992, Simple Statistical Gradient-Following Algorithms, https://doi.org/10.1007/BF00992696
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"losses", "gradient"})

    #: Rounding of sums in single precision.
    max_loss: float = 1e-5
    #: The same of gradients: a drawn network has norms around 1.
    max_gradient: float = 1e-5
    #: Share of the loss of a constant prediction, where that is known: targets may be tiny numbers.
    max_share: float = 1e-3
    #: Steps that are seen.
    min_steps: int = 20

    def check(self, view: SubjectView) -> Iterator[Result]:
        losses = view.recording.data_losses(view.subject.key).finite()
        norms = [view.series("gradient", site, "norm").finite().values for site in view.variables]
        largest = max((float(one.max()) for one in norms if len(one)), default=np.inf)
        if len(losses) < self.min_steps or int(losses.steps[0]) > 0:
            return
        peak = float(np.abs(losses.values).max())
        tiny = view.judgement.baseline is not None and peak > self.max_share * view.judgement.baseline
        if peak > self.max_loss or largest > self.max_gradient or tiny:
            yield self.ruled_out(f"the loss depends on the weights: it begins at {number(float(losses.values[0]))}")
            return
        at = view.loss.attributes.get("at") if view.loss is not None else None
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The loss is zero whatever the network says",
            message=(
                f"From the first step on the loss is at most {number(peak)}, and no gradient has a norm above "
                f"{number(largest)}: what is minimised does not depend on the weights. Do its terms cancel, or does a "
                "factor of zeros stand in it?"
            ),
            site=view.loss or view.subject,
            location=Location.of(at) or view.subject.location,
            onset=0,
            evidence=(
                Evidence(losses.name, int(losses.steps[int(np.abs(losses.values).argmax())]), peak, self.max_loss),
                Evidence("largest norm of a gradient", None, largest, self.max_gradient),
            ),
            fixes=(Fix("Print the loss of two very different outputs: it has to differ"),),
        )
