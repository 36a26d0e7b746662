"""Rule: a cross-entropy of sigmoids that leaves out what labels of zero ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.loss_facts import advantages
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class HalfCrossEntropy(Rule):
    """Of a cross-entropy of sigmoids only the half of the ones is computed.

    What it is:
        The loss is -y log(p), which is all of the cross-entropy of a softmax. A sigmoid answers for each unit alone,
        and needs (1 - y) log(1 - p) as well.

    Why it matters:
        Nothing ever asks for a small answer. The best one is 1 for every unit and every row; the loss falls to zero on
        the way there, and looks like success.

    How it is measured:
        In the forward pass one logarithm is taken of what the network makes, that of a sigmoid which the labels
        multiply. It fires where the labels are from 0 to 1 and do not share one whole among the units, and
        the late outputs have a mean of at least `min_answer`, and more than the labels by `min_excess`.

    Example:
        loss = -tf.reduce_mean(y * tf.math.log(p))  # p = tf.sigmoid(logits)

    Use instead:
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))

    References:
        https://www.tensorflow.org/api_docs/python/tf/nn/sigmoid_cross_entropy_with_logits
    """

    fault: ClassVar[str] = "loss-wrong"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss", "output"})

    #: The mean of sigmoids that are on their way to 1 everywhere: they start at one half.
    min_answer: float = 0.7
    #: A trained sigmoid has the mean of its labels.
    min_excess: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss, output = view.label, view.loss, view.output
        assert label is not None and loss is not None and output is not None
        if not loss.attributes.get("half"):
            if loss.attributes.get("function") == "log_probability":
                yield self.ruled_out("the loss has a term for labels of zero, or is that of a softmax")
            return
        low, high, mean = (view.series("label", label, name).finite().values for name in ("min", "max", "mean"))
        given = view.series("output", output, "mean").finite()
        if not len(mean) or not len(given):
            yield self.not_checked(view, "labels or outputs were not observed")
            return
        outside = float(low.min()) < 0 or float(high.max()) > 1
        if outside or self._one_of_many(view) or advantages(view.recording, label):
            return
        wanted, answer = float(mean.mean()), float(given.values[-1])
        if answer < self.min_answer or answer < wanted + self.min_excess:
            yield self.ruled_out(f"the outputs have a mean of {number(answer)}, the labels of {number(wanted)}")
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The loss has no term for labels of zero: 1 is the best answer to everything",
            message=(
                f"The only logarithm in the loss is that of the sigmoid which the labels multiply. The labels have a "
                f"mean of {number(wanted)}, and the outputs have come to {number(answer)}: the loss falls as they all "
                "go to 1."
            ),
            site=loss,
            location=loss.location,
            evidence=(Evidence(f"output/{output.name}/mean", int(given.steps[-1]), answer, wanted + self.min_excess),),
            fixes=(
                Fix("Add the other half", "y * log(p) + (1 - y) * log(1 - p)"),
                Fix("Or use the loss that has both",
                    "tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)"),
            ),
        )  # fmt: skip

    def _one_of_many(self, view: SubjectView) -> bool:
        """Whether every row of labels sums to 1: a softmax is missing then, see output-activation."""
        assert view.label is not None and view.output is not None
        sums = [view.series("label", view.label, name).finite().values for name in ("row_sum_min", "row_sum_max")]
        alone = view.output.attributes.get("units") == 1
        return not alone and all(len(one) and bool((abs(one - 1) < 1e-3).all()) for one in sums)
