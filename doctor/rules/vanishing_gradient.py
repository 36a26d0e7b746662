"""Rule: gradients that fade on their way to the first layers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.source import mention
from doctor.reading.values import argument
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SQUASHING, SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class VanishingGradient(Rule):
    """The early layers receive next to no gradient.

    What it is:
        Going backwards through the network, every layer multiplies the gradient by a factor
        below one. In a deep stack of sigmoid layers that factor is at most a quarter of what
        the weights do: the derivative s(1 - s) never exceeds 1/4.

    Why it matters:
        The layers near the input stay as they were drawn, the layers after them see noise,
        and the loss stays where guessing is.

    How it is measured:
        The root mean square of the gradient of every kernel, g_l = norm / sqrt(size), at the
        first observed step and as the median over the last. It fires when the run fails and
        g_first / g_last is below `min_ratio` at the start, over at least `min_layers` kernels
        of which none has more than `max_single` of the fall, on a logarithmic scale: one layer
        that lets nothing through is no chain that fades; and g_first
        never recovers: at the end too it is below `min_ratio` of the largest g_last. (g_last
        itself fades once the output's bias fits the class shares.)
        Where the signal fades forward as well (the last of `min_layers` squashed layers varies over the examples
        by less than `max_signal` of what the first does) a ratio below `faint_ratio` is enough, and below
        `hopeless` a run that gains less than `good_gain` fails by that.
        Gradients of exactly zero are another fault (dead units, or nothing connected).

    Example:
        for w, b in layers:  # eight of them
            x = tf.nn.sigmoid(tf.matmul(x, w) + b)

    Use instead:
        for w, b in layers:  # with w drawn as He does
            x = tf.nn.relu(tf.matmul(x, w) + b)

    References:
        Hochreiter 1998, https://doi.org/10.1142/S0218488598000094
        Glorot and Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """

    fault: ClassVar[str] = "vanishing-gradient"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient"})

    #: Smallest healthy ratio of the first layer's gradient to the last one's. Healthy deep
    #: networks stay within two orders of magnitude; a thousandth leaves the first layer a
    #: thousand steps behind for every step of the last.
    min_ratio: float = 1e-3
    #: The same where the signal fades on its way forward too.
    faint_ratio: float = 1e-2
    #: Spread over the examples of the last squashed layer, as a part of that of the first, of a signal that fades.
    max_signal: float = 0.05
    #: A ratio that no step bridges.
    hopeless: float = 1e-5
    #: Share of the gap to perfect prediction below which a run has learned by its last layers alone.
    good_gain: float = 0.5
    #: Share of the whole fall, on a logarithmic scale, at one layer above which it is not geometric.
    max_single: float = 0.6
    #: With fewer kernels there is no chain to vanish along.
    min_layers: int = 3
    #: Last observed steps of which the median is taken.
    window: int = 10

    def check(self, view: SubjectView) -> Iterator[Result]:
        kernels = [kernel for kernel in view.used_kernels if len(view.series("gradient", kernel, "norm"))]
        if len(kernels) < self.min_layers:
            return
        early, late = self._profile(view, kernels, first=True), self._profile(view, kernels, first=False)
        if early[-1] <= 0 or early[0] <= 0:
            return  # nothing reaches even the last layer: dead units or a cut graph, not a fading chain
        ratios = early[0] / early[-1], late[0] / max(early[-1], late[-1])
        layers = len(kernels) - 1
        factor = float(max(ratios[0], 1e-300)) ** (1 / layers)
        falls = np.log(np.maximum(early[1:], 1e-300) / np.maximum(early[:-1], 1e-300))
        # One layer that alone lets little through, as by its weights, is no fading along a chain.
        single = float(falls.max() / falls.sum()) if falls.sum() > 0 else 1.0
        faded = max(ratios) < self.faint_ratio and self._fades_forward(view)
        if (max(ratios) >= self.min_ratio and not faded) or single > self.max_single:
            yield self.ruled_out(
                f"the first layer's gradient is {number(float(max(ratios)))} of the last one's "
                f"(limit {self.min_ratio:g})"
            )
            return
        severity = view.degree_of_learning
        hopeless = max(ratios) < self.hopeless and self._fades_forward(view)
        if severity is None and hopeless and (view.judgement.gain or 0.0) < self.good_gain:
            severity = Severity.ERROR  # its last layers learn what they can without the inputs
        if severity is None:
            return
        squashing = next((site for site in view.hidden if site.attributes.get("function") in SQUASHING), None)
        function = str(squashing.attributes.get("function")) if squashing is not None else ""
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH if squashing is not None else Confidence.MEDIUM,
            title="The gradient vanishes before it reaches the first layers",
            message=(
                f"From the last layer to the first the gradient falls from {number(float(early[-1]))} to "
                f"{number(float(early[0]))} (root mean square), about {1 / factor:.0f}-fold at "
                f"each of {layers} layers. "
                + (f"The derivative of a {function} is at most {'1/4' if function == 'sigmoid' else '1'} "
                   "and its factors multiply." if function else "The weights are too small to carry it back.")
            ),
            site=squashing or kernels[0],
            location=self._place(view, squashing, function) or kernels[0].location,
            evidence=self._evidence(view, kernels, early, ratios, factor, squashing),
            fixes=self._fixes(view, kernels, squashing, function),
        )  # fmt: skip
        if squashing is not None and (stats := view.initial("activation", squashing)) is not None:
            flat = stats["low_share"] + stats["high_share"] if function == "sigmoid" else (
                stats["high_share"] + stats["negative_high_share"])  # fmt: skip
            if flat < 0.2:
                yield self.ruled_out(
                    f"only {100 * flat:.0f} % of the values of `{squashing.name}` lie in the flat part "
                    f"(their mean is {number(stats['mean'])})",
                    "saturation",
                )

    def _fades_forward(self, view: SubjectView) -> bool:
        """Whether squashed layers hand on next to nothing of what differs between the examples, from the start."""
        layers = [site for site in view.hidden if site.attributes.get("function") in SQUASHING]
        seen = [view.initial("activation", site) for site in layers]
        spreads = [stats["unit_std"] for stats in seen if stats is not None]
        return len(spreads) >= self.min_layers and 0 < spreads[-1] < self.max_signal * spreads[0]

    def _profile(self, view: SubjectView, kernels: list[Site], *, first: bool) -> np.ndarray:
        """Root mean square of the gradient per kernel, at first or late (median), shape (kernels,)."""
        values = []
        for kernel in kernels:
            norm, size = view.series("gradient", kernel, "norm"), view.series("gradient", kernel, "size")
            rms = norm.values / np.sqrt(np.maximum(size.values, 1))
            values.append(float(np.median(rms[:1] if first else rms[-self.window :])))
        return np.asarray(values)

    def _place(self, view: SubjectView, squashing: Site | None, function: str) -> Location | None:
        if squashing is None:
            return None
        given = argument(view.recording, squashing.location, ("activation",))
        if given == squashing.location:
            given = argument(view.recording, squashing.location, (), 1, "Dense")
        return mention(view.recording, given, function)

    def _evidence(
        self,
        view: SubjectView,
        kernels: list[Site],
        profile: np.ndarray,
        ratios: tuple[float, float],
        factor: float,
        squashing: Site | None,
    ) -> Iterator[Evidence]:
        step = int(view.series("gradient", kernels[0], "norm").steps[0])
        yield Evidence("gradient/first over last", step, float(ratios[0]), self.min_ratio)
        yield Evidence("gradient/factor per layer", step, factor)
        yield Evidence(f"gradient/{kernels[0].name}/rms", step, float(profile[0]))
        yield Evidence(f"gradient/{kernels[-1].name}/rms", step, float(profile[-1]))
        if view.judgement.baseline is not None and math.isfinite(view.judgement.late_loss):
            yield Evidence(view.losses.name, None, view.judgement.late_loss, view.judgement.baseline, "nats",
                           "mean of the last steps; guessing gives the limit")  # fmt: skip
        if squashing is not None and (stats := view.initial("activation", squashing)) is not None:
            yield Evidence(
                f"activation/{squashing.name}/unit_std", 0, stats["unit_std"], note="spread over the examples"
            )

    def _fixes(self, view: SubjectView, kernels: list[Site], squashing: Site | None, function: str) -> Iterator[Fix]:
        if squashing is not None:
            place = self._place(view, squashing, function)
            code = 'activation="relu", kernel_initializer="he_normal"' if view.keras else "tf.nn.relu"
            if place is not None and re.search(rf"\b{function}\b", place.code):
                code = re.sub(rf"\b{function}\b", "relu", place.code)
            yield Fix(f"Replace {function} by ReLU in the hidden layers", code, place)
            if not view.keras:
                yield Fix(
                    "and draw the weights as He does (a ReLU halves the mean square, the 2 makes up for it)",
                    "stddev=(2 / fan_in) ** 0.5",
                    next(iter(initialise(view, kernels[0]))).location,
                )
        else:
            yield from initialise(view, kernels[0])
