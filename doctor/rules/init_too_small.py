"""Rule: initial weights so small that the signal fades."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence
from doctor.reading.drawn import drawn_at
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView, reference_std, root_mean_square
from doctor.types import Site


@dataclass(frozen=True)
class InitTooSmall(Rule):
    """Initial weights so small that the signal fades from layer to layer.

    What it is:
        The weights are drawn from a distribution that is too narrow for the number of inputs
        of their layer, so every layer shrinks what passes it, forwards and backwards.

    Why it matters:
        The output hardly depends on the input and the early layers get no gradient; the
        training sits on a plateau before it starts, if it ever does.

    How it is measured:
        For every kernel but the last r = rms(w) / s, with s = sqrt(2 / fan_in) before a ReLU
        and sqrt(2 / (fan_in + fan_out)) elsewhere. The signal and the gradient are r_1 r_2 ...
        times as strong as they should be. It fires when the run fails and that product is
        below `min_gain` while the smallest r is below `min_ratio`. A deep sigmoid stack fades
        even with r = 1; its fault is vanishing-gradient, so sigmoid layers count only in nets
        of at most two of them. The last kernel may start near zero, and
        behind a normalisation the scale of the weights does not matter.

    Example:
        tf.Variable(tf.random.normal([100, 100], stddev=0.001))

    Use instead:
        tf.Variable(tf.random.normal([100, 100], stddev=(2 / 100) ** 0.5))

    References:
        He et al. 2015, Delving Deep into Rectifiers, https://arxiv.org/abs/1502.01852
    """

    fault: ClassVar[str] = "init-too-small"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Smallest product of the ratios: a hundredth of the signal is left at the end.
    min_gain: float = 1e-2
    #: Smallest ratio of one kernel. Glorot's weights before a ReLU have 0.7 of He's.
    min_ratio: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        kernels = view.used_kernels[:-1]
        if not kernels or view.normalised:
            return
        sigmoids = [site for site in view.hidden if site.attributes.get("function") == "sigmoid"]
        if len(sigmoids) > 2:
            return
        ratios: list[tuple[Site, float]] = []
        constant = False
        for kernel in kernels:
            stats, reference = view.initial("weight", kernel), reference_std(kernel)
            constant = constant or (stats is not None and stats["std"] == 0)
            if stats is not None and reference is not None and stats["std"] > 0:
                ratios.append((kernel, root_mean_square(stats) / reference))
        if not ratios and constant:
            return  # another fault, and another rule: init-constant
        if not ratios:
            yield self.not_checked(view, "the weights were not observed at step 0, before the first update")
            return
        product = math.prod(ratio for _, ratio in ratios)
        worst, ratio = min(ratios, key=lambda pair: pair[1])
        if product >= self.min_gain or ratio >= self.min_ratio:
            yield self.ruled_out(f"the smallest initial weights are {number(ratio)} times the scale of He or Glorot")
            return
        severity = view.degree_of_learning
        if severity is None:
            return
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="The initial weights are too small",
            message=(
                f"The weights of `{worst.name}` start at {number(ratio)} times the scale that keeps the signal; over "
                f"{len(ratios)} hidden layers {number(product)} of it is left. The gradient fades likewise."
            ),
            site=worst,
            location=drawn_at(view.recording, worst),
            evidence=self._evidence(view, worst, ratio, product),
            fixes=initialise(view, worst),
        )

    def _evidence(self, view: SubjectView, worst: Site, ratio: float, product: float) -> Iterator[Evidence]:
        reference = reference_std(worst) or 1.0
        yield Evidence(
            f"weight/{worst.name}/rms", 0, ratio * reference, reference, note="the limit is He's or Glorot's"
        )
        yield Evidence(
            "weights/gain", 0, product, self.min_gain, note="product of rms(w) over its reference, hidden layers"
        )
        if view.hidden and (stats := view.initial("activation", view.hidden[-1])) is not None:
            yield Evidence(f"activation/{view.hidden[-1].name}/std", 0, stats["std"])
