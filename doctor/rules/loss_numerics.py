"""Rule: a loss that makes NaN out of finite numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import fragile, fragile_in_step
from doctor.reading.slopes import lost_in_half
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.types import Location, Site, TensorStats

#: exp(x) overflows float32 above ln(3.4e38).
_LARGEST_EXPONENT = 88.7


@dataclass(frozen=True)
class LossNumerics(Rule):
    """The loss itself makes NaN or infinity out of finite numbers.

    What it is:
        A logarithm of zero, zero times infinity, a division of zero by zero, or a softmax by
        hand whose exponential overflows.

    Why it matters:
        The model before the loss is sound, yet one example with a probability of exactly 0 or
        a logit above 88.7 makes the loss, all gradients and then all weights NaN.

    How it is measured:
        At the first step whose loss is not finite: the values that enter the loss are finite
        and of ordinary size (below `max_output`), or probabilities are NaN while the logits
        before them are finite. A fused cross-entropy with logits is stable and is never
        blamed. Also: the gradient is not finite at a step whose loss, output and weights are.

    Example:
        loss = -tf.reduce_sum(labels * tf.math.log(tf.nn.softmax(logits)), axis=1)

    Use instead:
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)

    References:
        https://www.tensorflow.org/api_docs/python/tf/nn/softmax_cross_entropy_with_logits
        Blanchard et al. 2021, Accurately computing the log-sum-exp and softmax functions
    """

    fault: ClassVar[str] = "loss-numerics"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Outputs beyond this have exploded before they reach the loss.
    max_output: float = 1e6

    def check(self, view: SubjectView) -> Iterator[Result]:
        loss, output, step = view.loss, view.output, view.judgement.nonfinite_step
        if step is None:
            yield self.ruled_out("the loss stays finite")
            return
        if loss is None and output is not None and self._made_after(view, output, step):
            yield self._unknown(view, output, step)
            return
        if loss is None or output is None:
            yield self.not_checked(view, "the loss function or its input was not recognised")
            return
        if loss.attributes.get("takes") == "logits" and loss.attributes.get("function") != "other":
            if self._made_after(view, output, step):
                yield self._unknown(view, output, step)
                return
            yield self.ruled_out(f"`{loss.name}` is computed from logits in a stable way")
            return
        seen = view.recording.stats("output", output.key, step)
        if seen is None:
            # Not observed at that very step: the last one before it still shows what went in.
            steps = [int(s) for s in view.recording.observed_steps("output", output.key) if s < step]
            seen = view.recording.stats("output", output.key, steps[-1]) if steps else None
            if seen is None:
                yield self.not_checked(view, "the output was not observed when the loss became NaN")
                return
        logarithm = loss.attributes.get("function") in ("log_probability", "kl_divergence")
        unsafe = logarithm and not loss.attributes.get("clipped")
        by_hand = bool(loss.attributes.get("log_of_softmax"))
        finite = seen["nan_count"] + seen["inf_count"] == 0
        size = max(abs(seen["min"]), abs(seen["max"]))
        logits = self._logits(view, step)
        overflow = not finite and logits is not None and logits["max"] > _LARGEST_EXPONENT and self._sound(logits)
        spoilt = view.nonfinite_at(step, "weight", "input", "label")
        if spoilt or (finite and size > self.max_output) or not (finite or overflow):
            return
        if not (finite or unsafe or by_hand):
            return
        zero = unsafe and finite and (seen["min"] <= 0 or seen["max"] >= 1)
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=(
                Confidence.CERTAIN if zero or overflow else Confidence.HIGH if unsafe or by_hand else Confidence.MEDIUM
            ),
            title="The loss itself makes NaN",
            message=self._message(loss, seen, logits, step, zero=zero, overflow=overflow),
            site=loss,
            location=self._place(view, loss),
            onset=step,
            evidence=self._evidence(view, output, seen, logits, step, overflow=overflow),
            fixes=self._fixes(view, loss, output, unsafe or by_hand),
        )

    def _made_after(self, view: SubjectView, output: Site, step: int) -> bool:
        """Whether all that goes into a loss of unknown form was finite at the step at which it was not."""
        seen = view.recording.stats("output", output.key, step)
        finite = seen is not None and self._sound(seen)
        # Of several outputs another one may be broken.
        return finite and not view.nonfinite_at(step, "weight", "input", "label", "output")

    def _unknown(self, view: SubjectView, output: Site, step: int) -> Result:
        """A loss whose form was not recognised."""
        fit = view.first_site("fit")
        name = ((fit.attributes.get("compile") or {}).get("loss") if fit is not None else None) or ""
        seen = view.recording.stats("output", output.key, step)
        assert seen is not None
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title="The loss itself makes NaN",
            message=(
                f"At step {step} the loss is not finite, although weights, inputs and outputs are: outputs between "
                f"{number(seen['min'])} and {number(seen['max'])}. What lies between them and the loss divides by "
                "zero or takes the logarithm of what is not positive. Keras calls a loss with the labels first and the "
                "predictions second."
            ),
            site=output,
            location=self._between(view, str(name)),
            onset=step,
            evidence=(Evidence(f"output/{output.name}/min", step, seen["min"]),
                      Evidence(f"output/{output.name}/max", step, seen["max"])),
            fixes=(Fix("Keep the argument of every logarithm and divisor away from zero, and check the order of the "
                       "arguments", "def loss(y_true, y_pred): ..."),),
        )  # fmt: skip

    def _between(self, view: SubjectView, name: str) -> Location | None:
        """The operation between output and loss that may meet a zero."""
        written = None if name else view.loss and view.loss.location  # of a step of the script's own
        place = written or view.subject.location
        return fragile(view.recording, name, place) or fragile_in_step(view.recording, place) or place

    def _place(self, view: SubjectView, loss: Site) -> Location | None:
        """The very operation where the text tells; a loss that is not known by its form begins at any of its ops."""
        lost = lost_in_half(view.recording) if view.in_half else None
        if lost is not None:
            return lost[0]
        among = loss.location if loss.attributes.get("function") == "other" else None
        return fragile(view.recording, loss.attributes.get("keras_loss"), among) or loss.location

    def _sound(self, stats: TensorStats) -> bool:
        return stats["nan_count"] + stats["inf_count"] == 0 and abs(stats["max"]) < self.max_output

    def _logits(self, view: SubjectView, step: int) -> TensorStats | None:
        """What enters the softmax by hand: the last linear result."""
        linear = [site for site in view.activations if site.attributes.get("function") == "linear"]
        return view.recording.stats("activation", linear[-1].key, step) if linear else None

    def _message(
        self, loss: Site, seen: TensorStats, logits: TensorStats | None, step: int, *, zero: bool, overflow: bool
    ) -> str:
        if overflow and logits is not None:
            return (
                f"At step {step} the logits are finite (at most {number(logits['max'])}), but exp() overflows above "
                f"{_LARGEST_EXPONENT}: the probabilities are NaN, and the loss with them."
            )
        text = (
            f"At step {step} the loss is not finite, although its input is: values between {number(seen['min'])} and "
            f"{number(seen['max'])}, weights and data finite."
        )
        return text + (" A probability is exactly 0 or 1, and the logarithm of 0 is -infinity." if zero else
                       " The expression of the loss itself divides by zero or takes a logarithm of it.")  # fmt: skip

    def _evidence(
        self,
        view: SubjectView,
        output: Site,
        seen: TensorStats,
        logits: TensorStats | None,
        step: int,
        *,
        overflow: bool,
    ) -> Iterator[Evidence]:
        yield Evidence(view.losses.name, step, math.nan)
        if overflow and logits is not None:
            yield Evidence("logits/max", step, logits["max"], _LARGEST_EXPONENT)
        else:
            yield Evidence(f"output/{output.name}/min", step, seen["min"], 0.0)
            yield Evidence(f"output/{output.name}/nonfinite", step, seen["nan_count"] + seen["inf_count"], 0.0)

    def _fixes(self, view: SubjectView, loss: Site, output: Site, logarithm: bool) -> Iterator[Fix]:
        if logarithm:
            one = output.attributes.get("units") == 1 or output.attributes.get("produced_by") == "sigmoid"
            name = "sigmoid" if one else "softmax"
            yield Fix(
                "Use the fused cross-entropy on the logits",
                f"tf.nn.{name}_cross_entropy_with_logits(labels=labels, logits=logits)",
            )
            yield Fix("Or keep the probabilities away from 0", "tf.math.log(tf.clip_by_value(p, 1e-7, 1.0))")
        else:
            yield Fix("Keep the argument of log, sqrt and division away from 0", "tf.maximum(value, 1e-7)")
