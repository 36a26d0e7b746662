"""Rule: initial weights so large that the signal explodes or saturates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Severity
from doctor.reading.drawn import drawn_at
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SQUASHING, SubjectView, fans, reference_std, root_mean_square
from doctor.types import Site


@dataclass(frozen=True)
class InitTooLarge(Rule):
    """Initial weights so large that the signal explodes, or saturates, before the first update.

    What it is:
        The weights are drawn from a distribution that is too wide for the number of inputs
        of their layer. Every layer multiplies the signal; the factors multiply up.

    Why it matters:
        Outputs and gradients are orders of magnitude too large from the first step, so that
        the first update destroys the weights: the loss starts far above that of guessing and
        often ends as NaN. Sigmoid and tanh units start in their flat part and cannot learn.
        A smaller learning rate hides the damage, it does not repair it.

    How it is measured:
        For every kernel r = rms(w) / s, with s = sqrt(2 / fan_in) before a ReLU and
        sqrt(2 / (fan_in + fan_out)) elsewhere: with r = 1 a layer keeps the scale of its
        input. Weights of one sign (|mean| above the standard deviation) add up what lies behind a
        ReLU: of these r is at least fan_in |mean(w)|. The product of all r is the factor by which
        the whole network is too strong; standard initialisers stay below 2. It fires when that
        product and the measured gain rms(output) / rms(input) at step 0 are both at least
        `max_gain`, or when units of a sigmoid or tanh layer whose kernel has r of at least
        `max_ratio` are flat in a share of at least `max_flat` of cases. It is an error where the
        run fails, or where the gain is ten times over its limit and the run ends short of
        `good_gain`; otherwise a warning, and of flat units none where it ends beyond `best_gain`.

    Example:
        tf.Variable(tf.random.uniform([100, 100], -0.4, 0.4))  # eight times in a row

    Use instead:
        tf.Variable(tf.random.normal([100, 100], stddev=(2 / 100) ** 0.5))

    References:
        He et al. 2015, Delving Deep into Rectifiers, https://arxiv.org/abs/1502.01852
        Glorot and Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """

    fault: ClassVar[str] = "init-too-large"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Largest product of the ratios, and largest gain from input to output, at step 0. Ten
    #: means logits of standard deviation about 10: an error then costs 10 nats instead of ln K.
    max_gain: float = 10.0
    #: Largest ratio of one kernel before a sigmoid or tanh. Pre-activations of three times
    #: unit scale put a third of tanh units beyond |x| = 2.3, where |tanh| > 0.98.
    max_ratio: float = 3.0
    #: Largest share of flat activations at step 0.
    max_flat: float = 0.5
    #: Share of the units of a ReLU layer that no example wakes at step 0, from which on that is what is wrong.
    max_dead: float = 0.9
    #: A run that closes nine tenths of it has found its way out of the flat part.
    best_gain: float = 0.9
    #: A run that closes half of the gap to perfect prediction trains well.
    good_gain: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        ratios = _ratios(view)
        if not ratios:
            yield self.not_checked(view, "the weights were not observed at step 0, before the first update")
            return
        product = math.prod(ratio for _, ratio in ratios)
        worst, ratio = max(ratios, key=lambda pair: pair[1])
        saturated = self._saturated(view, dict((site.key, value) for site, value in ratios))
        gain = _measured_gain(view)
        explodes = product >= self.max_gain and (gain is None or gain >= self.max_gain) and not view.normalised
        if not explodes and saturated is None:
            why = f"the weights start at {number(_mean_ratio(ratios))} times the scale of He or Glorot"
            yield self.ruled_out(f"{why}, and the output at {number(gain)} times the scale of the input"
                                 if gain is not None else why)  # fmt: skip
            return
        if self._dead(view) and (gain is None or gain < 10 * self.max_gain):
            return  # see dead-relu: which sums are negative does not depend on the scale of the weights
        severity = view.degree
        if severity is None and explodes and (gain or 0) >= 10 * self.max_gain:
            # It trains in spite of this: worth a word, and an alarm only where it does so badly.
            badly = view.judgement.gain is not None and view.judgement.gain < self.good_gain
            severity = Severity.ERROR if badly else Severity.WARNING
        if severity is None and saturated is not None and (view.judgement.gain or 1.0) < self.best_gain:
            severity = Severity.WARNING  # it learns with the few units that are not flat
        if severity is None:
            return
        first = view.losses.values[:1]
        if severity is Severity.ERROR and len(first) and not math.isfinite(first[0]) and product < 10 * self.max_gain:
            # A sound loss has a number for outputs of any size: that it is none at once is another fault.
            severity = Severity.WARNING
        if saturated is not None and not explodes:
            worst, ratio = saturated[0], saturated[1]
        start = view.initial("weight", worst)
        size = root_mean_square(start) if start is not None else math.nan
        evidence = [Evidence(f"weight/{worst.name}/rms", 0, size, reference_std(worst),
                             note="root mean square of the initial weights; the limit: He, Glorot")]  # fmt: skip
        evidence += self._signal(view, gain, product, saturated)
        yield self.finding(
            view,
            severity=severity,
            confidence=self._confidence(view),
            title="The initial weights are too large",
            message=_message(worst, ratio, product, gain, saturated, len(ratios)),
            site=worst,
            location=drawn_at(view.recording, worst),
            evidence=evidence,
            fixes=initialise(view, worst),
        )
        loss = view.losses
        if len(loss) and view.judgement.baseline and explodes:
            yield self.ruled_out(
                f"the loss is {number(float(loss.values[0]))} at step {int(loss.steps[0])}, before any update "
                f"(guessing gives {number(view.judgement.baseline)}): a smaller rate does not repair that",
                "lr-too-high",
            )

    def _saturated(self, view: SubjectView, ratios: dict[str, float]) -> tuple[Site, float, Site, float] | None:
        """(kernel, ratio, activation, flat share) of the first layer that starts in its flat part.

        Where several kernels feed it, as in a recurrence, the one that is largest for its size.
        """
        for activation in view.hidden:
            function = activation.attributes.get("function")
            kernel = view.kernel_before(activation)
            stats = view.initial("activation", activation)
            if function not in SQUASHING or kernel is None or stats is None:
                continue
            flat = stats["high_share"] + stats["low_share" if function == "sigmoid" else "negative_high_share"]
            if ratios.get(kernel.key, 0.0) >= self.max_ratio and flat >= self.max_flat:
                feeding = [site for key in activation.attributes.get("fed_by") or ()
                           if (site := view.recording.sites.get(key)) is not None and key in ratios]  # fmt: skip
                kernel = max(feeding, key=lambda site: ratios[site.key])
                return kernel, ratios[kernel.key], activation, flat
        return None

    def _dead(self, view: SubjectView) -> bool:
        """Whether hardly a unit of some ReLU layer lives before the first update."""
        layers = [site for site in view.hidden if site.attributes.get("function") in ("relu", "relu6")]
        starts = [view.initial("activation", site) for site in layers]
        return any(start is not None and start["dead_unit_share"] >= self.max_dead for start in starts)

    def _signal(
        self, view: SubjectView, gain: float | None, product: float, saturated: tuple[Site, float, Site, float] | None
    ) -> Iterator[Evidence]:
        yield Evidence(
            "weights/gain", 0, product, self.max_gain, note="product of rms(w) over its reference, all layers"
        )
        if gain is not None:
            yield Evidence("output/rms over input/rms", 0, gain, self.max_gain)
        if saturated is not None:
            yield Evidence(f"activation/{saturated[2].name}/flat_share", 0, saturated[3], self.max_flat, "share")
        if len(view.losses):
            base = view.judgement.baseline
            nats = base and view.loss is not None and "cross_entropy" in str(view.loss.attributes.get("function"))
            yield Evidence(view.losses.name, int(view.losses.steps[0]), float(view.losses.values[0]), base,
                           "nats" if nats else "", "guessing gives the limit" if base else "")  # fmt: skip

    def _confidence(self, view: SubjectView) -> Confidence:
        """High where the run blows up; a run that sits still may have another cause."""
        judgement = view.judgement
        blown = judgement.nonfinite_step is not None
        above = judgement.baseline is not None and judgement.first_loss > 2 * abs(judgement.baseline)
        return Confidence.HIGH if blown or above else Confidence.MEDIUM


def _ratios(view: SubjectView) -> list[tuple[Site, float]]:
    """(kernel, by how much it is too strong at step 0) of every kernel that the forward pass uses.

    That is rms over reference; of weights that are all of one sign also what they make of inputs that are
    too, as those behind a ReLU: the sum over the inputs, fan_in |mean(w)|.
    """
    found = []
    for kernel in view.used_kernels:
        stats, reference, sizes = view.initial("weight", kernel), reference_std(kernel), fans(kernel)
        if stats is not None and reference is not None and sizes is not None:
            ratio = root_mean_square(stats) / reference
            if abs(stats["mean"]) > stats["std"]:
                ratio = max(ratio, sizes[0] * abs(stats["mean"]))
            found.append((kernel, ratio))
    return found


def _mean_ratio(ratios: list[tuple[Site, float]]) -> float:
    return float(sum(ratio for _, ratio in ratios) / len(ratios))


def _measured_gain(view: SubjectView) -> float | None:
    """rms(output) / rms(input) before the first update."""
    source = next((view.initial("input", site) for site in view.sites("input")), None)
    result = view.initial("output", view.output) if view.output is not None else None
    if view.output is not None and view.output.attributes.get("produced_by") not in (None, "linear"):
        # Behind a softmax or sigmoid the scale is gone: take the last layer before it.
        linear = [site for site in view.activations if site.attributes.get("function") == "linear"]
        result = view.initial("activation", linear[-1]) if linear else None
    if source is None or result is None:
        return None
    before = root_mean_square(source)
    return root_mean_square(result) / before if before > 0 else None


def _message(
    worst: Site,
    ratio: float,
    product: float,
    gain: float | None,
    saturated: tuple[Site, float, Site, float] | None,
    layers: int,
) -> str:
    text = f"The weights of `{worst.name}` start {number(ratio)} times as large as keeps the signal's scale"
    if product > ratio and layers > 1:
        text += f"; over {layers} layers that multiplies up to a factor of {number(product)}"
    if gain is not None:
        text += f". At step 0, before any update, the output is {number(gain)} times as large as the input"
    if saturated is not None:
        text += f". {share(saturated[3])} of the values of `{saturated[2].name}` start in the flat part of the function"
    return text + "."
