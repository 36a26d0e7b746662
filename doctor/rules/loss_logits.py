"""Rule: probabilities where the loss wants logits, or logits where it wants probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import keyword, mention
from doctor.rules.advice import unwrapped
from doctor.rules.base import Result, Rule, number, point
from doctor.rules.labels import label_values
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

_CURE = {"softmax": "tf.nn.softmax", "sigmoid": "tf.nn.sigmoid"}
#: What a loss that takes logits applies to them.
_APPLIES = {
    "softmax_cross_entropy": "softmax", "kl_divergence": "softmax", "sigmoid_cross_entropy": "sigmoid"
}  # fmt: skip


@dataclass(frozen=True)
class LossLogits(Rule):
    """The loss takes probabilities for logits, or logits for probabilities.

    What it is:
        A cross-entropy "with logits" (or from_logits=True) applies the softmax or sigmoid
        itself. Behind a softmax or sigmoid output it is applied twice. The reverse: a loss
        that takes logarithms of probabilities is handed raw logits.

    Why it matters:
        The softmax of values between 0 and 1 can never be sure. With K classes the loss
        cannot fall below ln(e + K - 1) - 1 nor rise above ln(e + K - 1) (1.461 and 2.461 for
        10), and the gradient at the start is about K times too small. Raw logits under a
        logarithm are clipped, and where they are clipped no gradient passes.

    How it is measured:
        By construction: the function that produced the loss's input, against what the loss
        takes. Where that function is unknown, by numbers: every row of the "logits" lies in
        [0, 1] and sums to 1 at every observed step; or "probabilities" lie outside [0, 1].
        Keras itself repairs from_logits=True behind a softmax by taking the logits from
        behind it; then it is a warning where the run trains well.

    Example:
        y = tf.nn.softmax(tf.matmul(h, w) + b)
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=y)

    Use instead:
        logits = tf.matmul(h, w) + b
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)

    References:
        https://www.tensorflow.org/api_docs/python/tf/nn/softmax_cross_entropy_with_logits
        https://keras.io/api/losses/probabilistic_losses/
    """

    fault: ClassVar[str] = "loss-logits"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"loss", "output"})

    #: Largest difference of a row's sum from 1 that rounding of a softmax explains.
    tolerance: float = 1e-3

    def check(self, view: SubjectView) -> Iterator[Result]:
        loss, output = view.loss, view.output
        assert loss is not None and output is not None
        produced, takes = output.attributes.get("produced_by"), loss.attributes.get("takes")
        doubled = _APPLIES.get(str(loss.attributes.get("function")))
        if takes == "logits" and loss.attributes.get("rescued"):
            yield from self._rescued(view, loss, output)
        elif takes == "logits" and doubled is not None and produced in ("softmax", "sigmoid"):
            yield from self._twice(view, loss, output, str(produced), certain=True)
        elif (
            takes == "logits"
            and doubled == "softmax"
            and produced in (None, "linear")
            and self._rows_sum_to_one(view, output)
        ):
            yield from self._twice(view, loss, output, "softmax", certain=False)
        elif takes == "probabilities" and produced in (None, "linear"):
            yield from self._raw(view, loss, output)
        elif len(low := view.series("output", output, "min")):
            high = view.series("output", output, "max")
            outside = max(-float(low.values.min()), float(high.values.max()) - 1)
            if takes == "probabilities" and outside > self.tolerance:
                return  # an odd activation, which output-activation judges
            yield self.ruled_out(
                f"the loss takes {takes} and gets values between {number(float(low.values.min()))} and "
                f"{number(float(high.values.max()))} from "
                f"{'no' if produced in (None, 'linear') else produced} activation"
            )

    def _rows_sum_to_one(self, view: SubjectView, output: Site) -> bool:
        low, high = view.series("output", output, "row_sum_min"), view.series("output", output, "row_sum_max")
        smallest = view.series("output", output, "min")
        if not len(low) or (output.attributes.get("units") or 0) < 2:
            return False
        spread = max(abs(float(low.values.min()) - 1), abs(float(high.values.max()) - 1))
        return spread <= self.tolerance and float(smallest.values.min()) >= 0

    def _twice(self, view: SubjectView, loss: Site, output: Site, function: str, *, certain: bool) -> Iterator[Result]:
        evidence = list(self._range(view, output))
        units = int(output.attributes.get("units") or 0)
        limits = ""
        if function == "softmax" and units > 1:
            ceiling = math.log(math.e + units - 1)
            limits = f" With {units} classes the loss cannot fall below {ceiling - 1:.4f} nor rise above {ceiling:.4f}."
            if math.isfinite(view.judgement.late_loss):
                evidence.append(Evidence(view.losses.name, None, view.judgement.late_loss, ceiling - 1, "nats",
                                         "mean of the last steps; the limit is the floor"))  # fmt: skip
        keras = loss.attributes.get("keras_loss") is not None
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN if certain else Confidence.HIGH,
            title=f"The loss applies a {function} to values that went through a {function} already",
            message=(
                f"`{loss.name}` expects logits and applies the {function} itself, but its input "
                f"is the result of a {function}."
                f"{limits} The gradients are several times too small."
            ),
            site=loss,
            location=self._loss_line(view, loss) if keras else self._activation_line(view, output, function),
            evidence=evidence,
            fixes=self._remove(view, loss, output, function, keras),
        )

    def _rescued(self, view: SubjectView, loss: Site, output: Site) -> Iterator[Result]:
        function = str(output.attributes.get("activated_by") or "softmax")
        yield self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing else Severity.WARNING,
            # Keras computes the right thing, so a failing run may well have another cause.
            confidence=Confidence.LOW,
            title=f"from_logits=True behind a {function} output",
            message=(
                f"The loss is told that it gets logits, but the model ends in a {function}. "
                "Keras notices and takes the "
                f"logits from behind the {function}; other loops, other versions and exported models do not."
            ),
            site=loss,
            location=self._loss_line(view, loss),
            evidence=self._range(view, output),
            fixes=self._remove(view, loss, output, function, True),
        )

    def _raw(self, view: SubjectView, loss: Site, output: Site) -> Iterator[Result]:
        low, high = view.series("output", output, "min"), view.series("output", output, "max")
        if not len(low):
            yield self.not_checked(view, "the output was not observed while the loss was finite")
            return
        if float(low.values.min()) >= 0 and float(high.values.max()) <= 1:
            return  # a softmax by hand, or one that capture could not name
        labels = label_values(view)
        if labels is not None and not labels.whole and (labels.low < -0.01 or labels.high > 1.01):
            return  # measured values: no function at the output makes this loss right (loss-wrong)
        units = int(output.attributes.get("units") or 0)
        function = "sigmoid" if units == 1 or loss.attributes.get("function") == "sigmoid_cross_entropy" else "softmax"
        keras = loss.attributes.get("keras_loss") is not None
        repair = f'activation="{function}"' if view.keras else f"{_CURE[function]}(logits)"
        fused = f"tf.nn.{function}_cross_entropy_with_logits(...)"
        location = self._loss_line(view, loss)
        fixes = [Fix(f"Or end the model in a {function}", repair, output.location)]
        if loss.attributes.get("function") == "kl_divergence":  # it has no form that takes logits
            location = output.location
            fixes = [Fix(f"End the model in a {function}", repair, output.location)]
        elif keras:
            fixes.insert(0, Fix("Tell the loss that it gets logits", "from_logits=True", location))
        else:
            fixes.insert(0, Fix("Use the cross-entropy that takes logits", fused, loss.location))
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The loss takes logarithms of raw logits",
            message=(
                f"`{loss.name}` expects probabilities but gets values between {number(float(low.values.min()))} and "
                f"{number(float(high.values.max()))}: the output layer has no {function}. "
                "Negative values are clipped, and "
                "where they are clipped no gradient passes."
            ),
            site=loss,
            location=location,
            evidence=self._range(view, output),
            fixes=fixes,
        )

    def _range(self, view: SubjectView, output: Site) -> Iterator[Evidence]:
        for statistic, limit in (("min", 0.0), ("max", 1.0), ("row_sum_min", 1.0), ("row_sum_max", 1.0)):
            if len(series := view.series("output", output, statistic)):
                yield point(series, len(series) - 1, limit)

    def _loss_line(self, view: SubjectView, loss: Site) -> Location | None:
        """Where the loss was made; of one that is only named, the line of that argument of `compile`."""
        return Location.of(loss.attributes.get("made")) or keyword(view.recording, loss.location, "loss")

    def _activation_line(self, view: SubjectView, output: Site, function: str) -> Location | None:
        """The line of the softmax or sigmoid that is one too many."""
        made = [site for site in view.activations if site.attributes.get("function") == function]
        site = made[-1] if made else output
        return mention(view.recording, site.location, function)

    def _remove(self, view: SubjectView, loss: Site, output: Site, function: str, keras: bool) -> Iterator[Fix]:
        line = self._activation_line(view, output, function)
        if keras:
            yield Fix("Tell the loss that it gets probabilities", "from_logits=False", self._loss_line(view, loss))
        yield Fix(
            f"{'Or end' if keras else 'End'} the model in logits, without the {function}",
            unwrapped(line, function) or ("activation=None" if view.keras else ""),
            line,
        )
        if not keras:
            yield Fix(
                f"Apply the {function} where probabilities are needed, after the loss", f"{_CURE[function]}(logits)"
            )
