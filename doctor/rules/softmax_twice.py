"""Rule: a softmax is taken of a softmax, in a loss that doctor does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class SoftmaxTwice(Rule):
    """A softmax is taken of what is a softmax already, on the way to a loss of the script's own.

    What it is:
        The network ends in a softmax, and the loss takes one again: with a temperature in a distillation, for example.
        Where the loss is a known cross-entropy the rule loss-logits says so.

    Why it matters:
        A softmax of numbers between 0 and 1 is nearly the same for all classes. What is learned from it is the small
        rest, and its gradient is smaller still.

    How it is measured:
        In the forward pass of a training step, op by op: the input of a softmax is the result of another one, but for
        a constant factor. An error where the run fails, else a warning.

    Example:
        soft = tf.nn.softmax(teacher(x) / temperature)  # the teacher ends in a softmax

    Use instead:
        soft = tf.nn.softmax(tf.math.log(teacher(x) + 1e-7) / temperature)

    References:
        Hinton et al. 2015, Distilling the Knowledge in a Neural Network, https://arxiv.org/abs/1503.02531
    """

    fault: ClassVar[str] = "loss-logits"
    worst: ClassVar[Severity] = Severity.ERROR

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.loss is not None:
            return
        for site in view.sites("softmax"):
            inner = Location.of(site.attributes.get("inner"))
            severity = Severity.ERROR if view.judgement.failing else Severity.WARNING
            yield self.finding(
                view,
                severity=severity,
                confidence=Confidence.CERTAIN,
                title="A softmax is taken of a softmax",
                message=(
                    "What goes into the softmax lies between 0 and 1 and sums to 1 already"
                    + (f" (line {inner.line})" if inner is not None else "")
                    + ": what comes out is nearly the same for every class."
                ),
                site=site,
                location=site.location,
                onset=0,
                evidence=(Evidence("softmaxes in a row", 0, 2.0, 1.0),),
                fixes=(
                    Fix("Leave the softmax out of the network's last layer, and train with its logits"),
                    Fix("Or take the logarithm first", "tf.nn.softmax(tf.math.log(p + 1e-7) / temperature)"),
                ),
            )
            return
