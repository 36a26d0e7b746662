"""Rule: ReLU units that output zero for every example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.drawn import drawn_at
from doctor.reading.given_weights import weights_given_at
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule, number, point, share
from doctor.rules.frozen_model import silent_frozen_layer
from doctor.rules.view import SubjectView
from doctor.types import Series, Site, TensorStats


@dataclass(frozen=True)
class DeadRelu(Rule):
    """Most units of a ReLU layer output zero for every example.

    What it is:
        The sum that enters a unit is negative whatever the input, so the ReLU answers zero
        and its derivative is zero too. Either it starts so (weights or biases of the wrong
        sign) or a too large update pushed it there.

    Why it matters:
        No gradient passes a dead unit: neither it nor anything before it can ever learn
        again, at any learning rate.

    How it is measured:
        The share of units that are exactly zero for the whole batch, per ReLU layer, over
        the steps before the loss stops being finite. It fires when that share is at least
        `max_dead` at the start and at the end, or grows to it. Zeros alone are healthy: a
        layer may be 90 % zeros with no dead unit. Batches of fewer than `min_examples`
        examples are believed only when all units are dead. A layer that is wholly dead at
        every observed step while its gradient is zero is an error by construction, everything
        else only where the run fails.

    Example:
        tf.Variable(tf.random.uniform([784, 100], minval=-0.1, maxval=0.0))

    Use instead:
        tf.Variable(tf.random.normal([784, 100], stddev=(2 / 784) ** 0.5))

    References:
        Lu et al. 2019, Dying ReLU and Initialization, https://arxiv.org/abs/1903.06733
    """

    fault: ClassVar[str] = "dead-relu"
    needs: ClassVar[frozenset[str]] = frozenset({"activation"})

    #: Smallest share of dead units that counts. Healthy layers on sparse images reach 0.4.
    max_dead: float = 0.5
    #: Share from the first step to the last that is too much for a run with little to show for it.
    mostly: float = 0.8
    #: Share of the gap to a perfect prediction from which a sparse layer does its work.
    good_gain: float = 0.6
    #: A unit that is on for every tenth example is zero for 32 of them by chance in 3 % of cases.
    min_examples: int = 32

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.normalised and (view.batch_size or 2) < 2:
            yield self.not_checked(view, "a normalisation over batches of one example leaves nothing of it")
            return
        frozen = silent_frozen_layer(view)
        if frozen is not None:
            yield self._frozen(view, frozen)
            return
        layers = [site for site in view.hidden if site.attributes.get("function") in ("relu", "relu6")]
        checked = [(site, view.series("activation", site, "dead_unit_share")) for site in layers]
        checked = [(site, dead) for site, dead in checked if len(dead)]
        if layers and not checked:
            yield self.not_checked(view, "no ReLU layer was observed while the loss was finite")
        found = [(site, dead, onset) for site, dead in checked if (onset := self._onset(view, site, dead)) is not None]
        if not found:
            if checked:
                worst = max(checked, key=lambda pair: float(pair[1].values.max()))
                yield self.ruled_out(
                    f"at most {share(float(worst[1].values.max()))} of the units of `{worst[0].name}` are dead"
                )
            return
        # The earliest, and of those the most upstream: deeper layers die of it.
        site, dead, onset = min(found, key=lambda one: one[2])
        kernel = view.kernel_before(site)
        silent = self._no_gradient(view, kernel)
        certain = bool(silent and float(dead.values.min()) == 1.0)
        severity = Severity.ERROR if certain and not view.judgement.training else view.degree_of_learning
        gain = view.judgement.gain
        if severity is None and onset == 0 and float(dead.values.min()) >= self.mostly:
            severity = Severity.WARNING if gain is not None and gain < self.good_gain else None
        if severity is None:
            return
        index = int((dead.steps == onset).argmax())
        evidence = [point(dead, index, self.max_dead, "share")]
        if len(dead) > 1:
            evidence.append(point(dead, len(dead) - 1, self.max_dead, "share"))
        reason, proof = self._reason(view, site, onset)
        evidence += proof
        if kernel is not None and len(gradient := view.series("gradient", kernel, "norm")):
            evidence.append(point(gradient, len(gradient) - 1, None, "", "gradient of the kernel before it"))
        others = len({one[0].key for one in found}) - 1
        text = f"{share(float(dead.values[index]))} of the units of `{site.name}` are zero for every example"
        text += f" from step {onset} on" if onset else " from the first step on"
        text += f", and so in {others} layer{'s' if others > 1 else ''} after it" if others else ""
        place = (None if onset else self._low_bias(view, site)) or kernel or site
        yield self.finding(
            view,
            severity=severity,
            confidence=(
                Confidence.CERTAIN if certain else Confidence.HIGH if onset == dead.steps[0]
                # What the others let through may be enough: a layer that thinned out is no whole reason.
                else Confidence.MEDIUM if float(dead.values[-1]) >= self.mostly else Confidence.LOW
            ),  # fmt: skip
            title=f"The ReLU units of `{site.name}` are dead" if not onset else f"The ReLU units of `{site.name}` die",
            message=f"{text}. {reason}",
            site=place,
            location=drawn_at(view.recording, place) if not onset else place.location,
            onset=onset,
            evidence=evidence,
            fixes=self._fixes(view, site, onset),
        )
        if silent and onset == 0:
            yield self.ruled_out(
                f"the gradient of `{kernel.name if kernel else site.name}` is exactly 0: no learning rate changes that",
                "lr-too-low",
            )
            yield self.ruled_out("the units are dead at step 0, before any update", "lr-too-high")

    def _frozen(self, view: SubjectView, site: Site) -> Result:
        return self.finding(
            view,
            severity=Severity.ERROR if not view.judgement.training else Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The ReLU units of `{site.name}` are dead, and frozen",
            message=(
                f"Whatever the model is given, `{site.name}` puts out zero for every example, and no update can change "
                "that: what is trained behind it gets zeros only. Look at the weights and biases that were loaded."
            ),
            site=site,
            location=weights_given_at(view.recording) or site.location,
            onset=0,
            evidence=(Evidence("values behind the frozen layers", 0, 0.0, None),),
            fixes=(Fix("Load the weights that belong to these layers, and look at what they give for a few examples"),),
        )

    def _onset(self, view: SubjectView, site: Site, dead: Series) -> int | None:
        """The step from which on most units are dead, or None."""
        # Weights of both signs and no bias leave up to half of the units of a narrow layer without an example: where
        # the others die later, that is the onset.
        later = dead.values[0] < self.mostly <= dead.values[-1] and not self._pulled_down(view, site)
        bad = dead.values >= (self.mostly if later else self.max_dead)
        if not bad[-1]:
            return None
        size = view.series("activation", site, "size")
        units = float(site.attributes.get("units") or 0)
        if units and float(size.values[0]) / units < self.min_examples and float(dead.values[-1]) < 1.0:
            return None
        start = len(bad) - int(bad[::-1].argmin()) if not bad.all() else 0
        return int(dead.steps[start])

    def _pulled_down(self, view: SubjectView, site: Site) -> bool:
        """Whether the weights or the bias of a layer start where they make sums negative."""
        kernel = view.kernel_before(site)
        weights = view.initial("weight", kernel) if kernel is not None else None
        return weights is None or self._negative(weights) or self._low_bias(view, site) is not None

    def _low_bias(self, view: SubjectView, site: Site) -> Site | None:
        """The bias, where it starts below zero and the weights have no sign that would do it alone.

        So too where it starts above zero, and nearly all units are dead from the first: then it is subtracted.
        """
        kernel, bias = view.kernel_before(site), view.variable_before(site, "bias")
        weights = view.initial("weight", kernel) if kernel is not None else None
        offset = view.initial("weight", bias) if bias is not None else None
        if offset is None or (weights is not None and self._negative(weights)):
            return None
        dead = view.series("activation", site, "dead_unit_share").values
        subtracted = len(dead) > 0 and float(dead[0]) >= self.mostly and weights is not None
        # Beside an added bias above zero, weights of both signs leave about half of the units alive.
        subtracted = subtracted and weights is not None and offset["min"] > 0 and weights["mean"] < 0.5 * weights["std"]
        return bias if offset["mean"] < 0 or subtracted else None

    def _negative(self, weights: TensorStats) -> bool:
        """Whether nearly all weights are below zero: their mean lies half a deviation under it."""
        return weights["mean"] < -0.5 * weights["std"]

    def _no_gradient(self, view: SubjectView, kernel: Site | None) -> bool:
        if kernel is None:
            return False
        norm = view.series("gradient", kernel, "norm")
        return len(norm) > 0 and float(norm.values.max()) == 0.0

    def _reason(self, view: SubjectView, site: Site, onset: int) -> tuple[str, list[Evidence]]:
        """Why the sums are negative: the sign of the weights, or the bias."""
        kernel, bias = view.kernel_before(site), view.variable_before(site, "bias")
        weights = view.initial("weight", kernel) if kernel is not None else None
        offset = view.initial("weight", bias) if bias is not None else None
        if onset:
            return "It was alive before: an update was too large.", []
        if kernel is not None and weights is not None and self._negative(weights):
            text = (
                f"The weights of `{kernel.name}` start between {number(weights['min'])} and "
                f"{number(weights['max'])}: with inputs that are not negative every sum is negative, "
                "and no gradient passes."
            )
            return text, [Evidence(f"weight/{kernel.name}/mean", 0, weights["mean"], 0.0),
                          Evidence(f"weight/{kernel.name}/max", 0, weights["max"])]  # fmt: skip
        if bias is not None and offset is not None and offset["mean"] < 0:
            text = (
                f"The bias `{bias.name}` starts at {number(offset['mean'])} on average and pulls every sum below zero."
            )
            return text, [Evidence(f"weight/{bias.name}/mean", 0, offset["mean"], 0.0)]
        if bias is not None and bias is self._low_bias(view, site) and offset is not None:
            text = (
                f"`{bias.name}` is subtracted, starts at {number(offset['mean'])} on average and pulls every sum below "
                "zero."
            )
            return text, [Evidence(f"weight/{bias.name}/mean", 0, offset["mean"], 0.0)]
        return "No gradient passes such a unit, so it stays dead.", []

    def _fixes(self, view: SubjectView, site: Site, onset: int) -> tuple[Fix, ...]:
        kernel, bias = view.kernel_before(site), view.variable_before(site, "bias")
        if onset:
            return (Fix("Lower the learning rate by ten"), Fix("Use leaky ReLU", "tf.nn.leaky_relu(...)"))
        offset = view.initial("weight", bias) if bias is not None else None
        zero: tuple[Fix, ...] = ()
        if bias is not None and offset is not None and offset["mean"] < 0:
            code = 'bias_initializer="zeros"' if view.keras else f"tf.zeros({list(bias.attributes.get('shape') or ())})"
            zero = (Fix("Start the bias at zero", code, drawn_at(view.recording, bias), safe=True),)
        return (*zero, *(initialise(view, kernel) if kernel is not None else ()))
