"""Rule: sigmoid or tanh units stuck in their flat part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Fix
from doctor.rules.base import Result, Rule, point, share
from doctor.rules.view import SQUASHING, SubjectView, reference_std, root_mean_square
from doctor.types import Series, Site


@dataclass(frozen=True)
class Saturation(Rule):
    """Most units of a sigmoid or tanh layer are stuck in the flat part of the function.

    What it is:
        The sums that enter the units are so large that the function answers with its limit,
        for every example.

    Why it matters:
        The derivative there is next to zero (below 0.02 for a sigmoid, whose largest is 0.25),
        so neither the unit nor what lies before it learns.

    How it is measured:
        The share of units whose output lies within 0.02 of a limit for every example of the
        batch, per layer. It fires when the run fails and that share is at least `max_stuck` at
        the last sound observation. Where it starts so, weights or inputs are too large; where
        it becomes so, the updates are.

    Example:
        h = tf.tanh(tf.matmul(x, tf.Variable(tf.random.normal([784, 100]))))

    Use instead:
        h = tf.tanh(tf.matmul(x, tf.Variable(tf.random.normal([784, 100], stddev=(1 / 784) ** 0.5))))

    References:
        Glorot and Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """

    fault: ClassVar[str] = "saturation"
    needs: ClassVar[frozenset[str]] = frozenset({"activation"})

    #: Largest healthy share of stuck units: half of the layer is lost.
    max_stuck: float = 0.5
    #: Root mean square of a bias from which on it is to blame.
    max_bias: float = 2.0
    #: Root mean square of a kernel over He's or Glorot's from which on it is to blame.
    max_ratio: float = 2.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        layers = [site for site in view.hidden if site.attributes.get("function") in SQUASHING]
        checked = [(site, self._stuck(view, site)) for site in layers]
        checked = [(site, stuck) for site, stuck in checked if len(stuck)]
        found = [
            (site, stuck, self._onset(stuck)) for site, stuck in checked if float(stuck.values[-1]) >= self.max_stuck
        ]
        if not found:
            if checked:
                worst = max(float(stuck.values.max()) for _, stuck in checked)
                yield self.ruled_out(f"at most {share(worst)} of the units of a layer are stuck in their flat part")
            return
        severity = view.degree_of_learning
        if severity is None:
            return
        site, stuck, onset = min(found, key=lambda one: one[2])
        index = int((stuck.steps == onset).argmax())
        function = site.attributes.get("function")
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title=f"The {function} units of `{site.name}` are saturated",
            message=(
                f"{share(float(stuck.values[index]))} of the units of `{site.name}` lie within "
                f"0.02 of a limit of {function} for "
                f"every example from step {onset} on; the gradient there is next to zero."
            ),
            site=self._place(view, site),
            onset=onset,
            evidence=tuple(point(stuck, at, self.max_stuck, "share") for at in (index, len(stuck) - 1)),
            fixes=(
                Fix("Scale the inputs and draw the weights as Glorot does", 'kernel_initializer="glorot_uniform"'
                    if view.keras else "stddev=(2 / (fan_in + fan_out)) ** 0.5"),
                Fix("Or replace the function by ReLU with He initialisation"),
            ),
        )  # fmt: skip

    def _place(self, view: SubjectView, site: Site) -> Site:
        """The variable that starts too large, else the function itself."""
        kernel, bias = view.kernel_before(site), view.variable_before(site, "bias")
        offset = view.initial("weight", bias) if bias is not None else None
        weights = view.initial("weight", kernel) if kernel is not None else None
        reference = reference_std(kernel) if kernel is not None else None
        if bias is not None and offset is not None and root_mean_square(offset) >= self.max_bias:
            return bias
        if kernel is not None and weights is not None and reference:
            if root_mean_square(weights) >= self.max_ratio * reference:
                return kernel
        return site

    def _stuck(self, view: SubjectView, site: Site) -> Series:
        return view.series("activation", site, f"stuck_{site.attributes.get('function')}_share")

    def _onset(self, stuck: Series) -> int:
        bad = stuck.values >= self.max_stuck
        start = len(bad) - int(bad[::-1].argmin()) if not bad.all() else 0
        return int(stuck.steps[start])
