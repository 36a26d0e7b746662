"""Rule: weights that are all equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Severity
from doctor.reading.drawn import drawn_at
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.types import Site, TensorStats


@dataclass(frozen=True)
class InitConstant(Rule):
    """The weights of a hidden layer start all equal, so that its units stay copies of each other.

    What it is:
        A kernel before the last one is filled with one number, zero most often.

    Why it matters:
        Units with equal weights in and out get equal gradients and make equal updates: a layer
        of a hundred units computes what one unit does, for ever. With zeros no gradient passes
        at all.

    How it is measured:
        Two kernels in a row without spread over their units at step 0 leave the units between
        them alike by construction, and so does a zero kernel before a ReLU (whose derivative
        at 0 is 0): an error. One constant kernel beside random ones breaks its symmetry in the
        first update, so it counts only where the run fails. The last kernel may start at zero. A run
        that closes `good_gain` of the gap to perfect prediction has no symmetry, whatever its start.

    Example:
        w1 = tf.Variable(tf.zeros([784, 100]))

    Use instead:
        w1 = tf.Variable(tf.random.normal([784, 100], stddev=(2 / 784) ** 0.5))

    References:
        Goodfellow et al. 2016, Deep Learning, section 8.4, https://www.deeplearningbook.org
    """

    fault: ClassVar[str] = "init-constant"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Spread over the units, as a share of the mean absolute weight, that rounding explains.
    tolerance: float = 1e-6

    #: Share of the gap between a constant and a perfect prediction that no symmetric network closes.
    good_gain: float = 0.6

    def check(self, view: SubjectView) -> Iterator[Result]:
        kernels = view.used_kernels
        initial = [view.initial("weight", kernel) for kernel in kernels]
        if all(stats is None for stats in initial):
            yield self.not_checked(view, "the weights were not observed at step 0, before the first update")
            return
        for index, (kernel, stats) in enumerate(zip(kernels[:-1], initial[:-1])):
            if stats is None or not self._constant(kernel, stats) or self._ends(view, kernel):
                continue
            after = initial[index + 1]
            zero = stats["abs_mean"] == 0
            following = kernels[index + 1]
            chained = after is not None and self._constant(following, after) and _takes(following, kernel)
            silent = zero and view.function_after(kernel) in ("relu", "relu6") and self._no_bias(view, kernel)
            certain = chained or silent
            if not certain and list(kernel.attributes.get("shape") or (0,))[-1] == 1:
                continue  # a single unit is a copy of no other
            # A residual branch that starts at zero, say: others break the symmetry.
            well = view.judgement.training and (view.judgement.gain or 0.0) >= self.good_gain
            severity = None if well else Severity.ERROR if certain else view.degree
            if severity is None:
                continue
            value = number(stats["mean"])
            count = sum(1 for k, s in zip(kernels, initial) if s is not None and self._constant(k, s))
            yield self.finding(
                view,
                severity=severity,
                confidence=Confidence.CERTAIN if certain else Confidence.MEDIUM,
                title=f"The weights of `{kernel.name}` all start at {value}",
                message=(
                    f"All {stats['size']:.0f} weights of `{kernel.name}` are {value} at step 0"
                    + (f", and so in {count - 1} more kernel{'s' if count > 2 else ''}" if count > 1 else "")
                    + ". The units of the layer are copies of each other"
                    + (" and no gradient passes them." if zero else " and get the same gradient.")
                ),
                site=kernel,
                location=drawn_at(view.recording, kernel),
                evidence=self._evidence(view, kernel, stats),
                fixes=initialise(view, kernel),
            )
            return
        yield self.ruled_out("the initial weights of every hidden layer differ from unit to unit")

    def _ends(self, view: SubjectView, kernel: Site) -> bool:
        """Whether no other kernel takes what this one makes, though a kernel before it is known to feed one.

        So with several heads side by side: all but the last of them come before another kernel.
        """
        inner = [one for one in view.activations if set(one.attributes.get("next") or ()) - {"loss"}]
        feeding = {key for one in inner for key in one.attributes.get("fed_by") or ()}
        place = view.used_kernels.index(kernel)
        return kernel.key not in feeding and any(one.key in feeding for one in view.used_kernels[:place])

    def _constant(self, kernel: Site, stats: TensorStats) -> bool:
        """Whether all units have the same incoming weights."""
        shape = kernel.attributes.get("shape") or (0, 2)
        if len(shape) == 1 and shape[0] > 1:
            return False  # a vector makes one number of an example, or is a gain for each unit: nothing is a copy
        spread = max(stats["example_std"], 0.0) if shape[-1] > 1 else stats["max"] - stats["min"]
        return stats["size"] > 1 and spread <= self.tolerance * stats["abs_mean"]

    def _no_bias(self, view: SubjectView, kernel: Site) -> bool:
        """Whether nothing positive is added before the activation."""
        layer = next((site for site in view.activations if view.kernel_before(site) == kernel), None)
        bias = view.variable_before(layer, "bias") if layer is not None else None
        stats = view.initial("weight", bias) if bias is not None else None
        return stats is None or stats["max"] <= 0

    def _evidence(self, view: SubjectView, kernel: Site, stats: TensorStats) -> Iterator[Evidence]:
        yield Evidence(f"weight/{kernel.name}/std", 0, stats["std"], None, "", "a random start has a spread")
        yield Evidence(f"weight/{kernel.name}/mean", 0, stats["mean"])
        layer = next((site for site in view.hidden if view.kernel_before(site) == kernel), None)
        seen = view.initial("activation", layer) if layer is not None else None
        if layer is not None and seen is not None:
            yield Evidence(
                f"activation/{layer.name}/example_std", 0, seen["example_std"], None, "", "spread over the units"
            )


def _takes(following: Site, kernel: Site) -> bool:
    """Whether a kernel may take what another one makes, by their shapes: two heads side by side are no chain.

    A dense kernel behind a flattened picture has a multiple of its channels; the state of a recurrent layer a part
    of its gates.
    """
    made, taken = (list(one.attributes.get("shape") or ()) for one in (kernel, following))
    if not made or len(taken) < 2:
        return True
    units, inputs = made[-1], taken[-2]
    if not units or not inputs:
        return True
    return units == inputs or (len(made) > len(taken) and inputs % units == 0) or units in (3 * inputs, 4 * inputs)
