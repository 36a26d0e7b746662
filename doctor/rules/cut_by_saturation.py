"""Rule: units that saturate during the training and let no gradient pass from then on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SQUASHING, SubjectView
from doctor.types import FloatArray, Location, Series, Site


@dataclass(frozen=True)
class CutBySaturation(Rule):
    """A sigmoid or tanh runs into its flat parts early in the training, and what lies before it stops learning.

    What it is:
        What enters the function grows until its values are at the limits for nearly every example: a slope or
        temperature that is raised too fast, sums that nothing holds back.

    Why it matters:
        The layers before it get no gradient any more, while those behind it go on learning from what they made until
        then. The loss still falls, and the greater part of the network stands still.

    How it is measured:
        At least `min_flat` of the values of the layer lie at its limits from a step on that leaves `min_rest` of the
        run. From then on the gradient of the kernels before it, over that of the start, is at most `max_passed` of
        the same ratio for the kernels behind it (root mean squares, medians over the observed steps).

    Example:
        slope.assign(1.4 ** step)
        codes = tf.tanh(slope * h)

    Use instead:
        slope.assign(1.4 ** (step // steps_per_epoch))

    References:
        Cao et al. 2017, HashNet, https://arxiv.org/abs/1702.00758
    """

    fault: ClassVar[str] = "saturation"
    needs: ClassVar[frozenset[str]] = frozenset({"activation", "gradient"})

    #: Share of the values at the limits: a code that is meant to be binary comes there at its end, too.
    min_flat: float = 0.9
    #: Part of the run that is lost to the layers before it.
    min_rest: float = 0.5
    #: Of the gradient. Saturated units of a network that trains still pass hundredths.
    max_passed: float = 1e-4
    #: Observed steps before and after: fewer say nothing.
    min_seen: int = 3

    def check(self, view: SubjectView) -> Iterator[Result]:
        layers = [site for site in view.hidden if site.attributes.get("function") in SQUASHING]
        seen = [(site, self._flat(view, site)) for site in layers]
        for site, flat in ((site, flat) for site, flat in seen if len(flat)):
            onset = self._onset(flat, len(view.losses))
            kernel = view.kernel_before(site)
            if onset is None or kernel is None or kernel not in view.used_kernels:
                continue
            place = view.used_kernels.index(kernel) + 1
            before = self._kept(view, view.used_kernels[:place], onset)
            behind = self._kept(view, view.used_kernels[place:], onset)
            if before is None or behind is None or behind <= 0 or before > self.max_passed * behind:
                continue
            function = str(site.attributes.get("function"))
            late = flat.values[flat.steps >= onset]
            yield self.finding(
                view,
                severity=view.degree or Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"The {function} of `{site.name}` saturates and cuts off what lies before it",
                message=(
                    f"From step {onset} on {share(float(np.median(late)))} of its values lie at the limits of "
                    f"{function}. The gradient before it falls to {number(before)} of what it was at the start, behind "
                    f"it to {number(behind)}: {place} of {len(view.used_kernels)} kernels learn nothing any more."
                ),
                site=site,
                location=Location.of(site.attributes.get("at")) or site.location,
                onset=onset,
                evidence=(
                    Evidence(f"activation/{site.name}/share at the limits", onset, float(np.median(late)),
                             self.min_flat, "share"),
                    Evidence(f"gradient/{kernel.name}/late over early", onset, before, self.max_passed * behind, "",
                             "the limit: a ten-thousandth of what is left behind the function"),
                ),
                fixes=(
                    Fix("Let what enters the function grow more slowly, or not at all: a slope that is raised step by "
                        "step, say, by epoch"),
                    Fix("Or hold the sums back: normalise them before the function", "layers.BatchNormalization()"
                        if view.keras else ""),
                ),
            )  # fmt: skip
            return
        if seen:
            yield self.ruled_out("no layer is cut off by units that saturate")

    def _flat(self, view: SubjectView, site: Site) -> Series:
        """Share of the values at the limits of the function, by step."""
        high = view.series("activation", site, "high_share")
        other = "low_share" if site.attributes.get("function") == "sigmoid" else "negative_high_share"
        return Series(high.name, high.steps, high.values + view.series("activation", site, other).values)

    def _onset(self, flat: Series, steps: int) -> int | None:
        """The step from which on nearly all values are at the limits, where enough of the run is left."""
        low = np.flatnonzero(flat.values < self.min_flat)
        first = int(low[-1]) + 1 if len(low) else 0
        # At the start, weights or inputs are to blame: that is saturation's.
        if first < 1 or len(flat) - first < self.min_seen:
            return None
        onset = int(flat.steps[first])
        return onset if onset <= (1 - self.min_rest) * steps else None

    def _kept(self, view: SubjectView, kernels: list[Site], onset: int) -> float | None:
        """What is left of the gradient after a step, as a ratio to before: the largest over the kernels."""
        found: list[float] = []
        for kernel in kernels:
            norm = view.series("gradient", kernel, "norm")
            early: FloatArray = norm.values[norm.steps < onset]
            late: FloatArray = norm.values[norm.steps > onset]
            if len(late) >= self.min_seen and len(early) and float(np.median(early)) > 0:
                found.append(float(np.median(late)) / float(np.median(early)))
        return max(found) if found else None
