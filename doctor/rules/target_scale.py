"""Rule: regression targets of a scale that the optimiser cannot reach."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.loss_facts import robust
from doctor.reading.apart import read_at
from doctor.reading.chains import Step, made_at, reads
from doctor.reading.scopes import scope_at
from doctor.reading.step_kinds import converted_at, transforms
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView, root_mean_square
from doctor.types import Location, Site


@dataclass(frozen=True)
class TargetScale(Rule):
    """Regression targets far from the scale of the model's output.

    What it is:
        Prices in dollars, populations, raw sensor values: targets of hundreds or millions,
        for a network whose output starts around 1.

    Why it matters:
        The gradient of a squared error is as large as the targets. Plain SGD is thrown out by
        it (NaN), and an optimiser whose steps have a fixed size, such as Adam, needs as many
        steps as the targets are large.

    How it is measured:
        Root mean square of the targets at the observed steps, at least `max_rms`, and at least
        `max_ratio` times that of the output at step 0, for squared and absolute errors, where
        the run fails. For measured targets under any other loss, where the run ends with outputs
        that are more than a standard deviation of the targets away from their mean, and have less than
        `most_reached` of their size.

    Example:
        model.fit(x, price)

    Use instead:
        model.fit(x, (price - price.mean()) / price.std())

    References:
        Bishop 1995, Neural Networks for Pattern Recognition, section 8.2
    """

    fault: ClassVar[str] = "target-scale"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss", "output"})

    #: Largest root mean square of targets that ordinary rates reach in ordinary time.
    max_rms: float = 30.0
    #: Largest ratio to the output before the first update.
    max_ratio: float = 10.0
    #: Observed steps that show whether the outputs arrive, under a loss of unknown form.
    min_steps: int = 5
    #: Part of the targets' size that outputs have which do not.
    most_reached: float = 0.6

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss, output = view.label, view.loss, view.output
        assert label is not None and loss is not None and output is not None
        known = loss.attributes.get("function") in ("squared_error", "absolute_error")
        known = known or robust(view.recording, view.subject)
        measured = label.attributes.get("encoding") == "continuous"
        unreached = not known and measured and self._unreached(view, label, output)
        if not known and not unreached:
            return
        mean = view.series("label", label, "mean", sound=False).values
        std = view.series("label", label, "std", sound=False).values
        if not len(mean):
            yield self.not_checked(view, "the targets were not observed")
            return
        rms = float(np.nanmedian(np.hypot(mean, std)))
        first = view.initial("output", output)
        start = root_mean_square(first) if first is not None else 1.0
        if rms < self.max_rms or rms < self.max_ratio * start:
            yield self.ruled_out(
                f"the targets have root mean square {number(rms)}, the output starts at {number(start)}"
            )
            return
        severity = view.degree or (Severity.ERROR if unreached else None)
        if severity is None:
            return
        low = float(view.series("label", label, "min", sound=False).values.min())
        high = float(view.series("label", label, "max", sound=False).values.max())
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title="The targets are not scaled",
            message=(
                f"The targets lie between {number(low)} and {number(high)} (root mean square "
                f"{number(rms)}), the output starts "
                f"at {number(start)}: it is {number(rms / max(start, 1e-12))} times too small, "
                "and the gradients are as large as the targets."
            ),
            site=label,
            location=self._made(view, rms) or label.location,
            evidence=(
                Evidence(f"label/{label.name}/rms", None, rms, self.max_rms),
                Evidence(f"output/{output.name}/rms", 0, start),
            ),
            fixes=(Fix("Standardise the targets, and undo it for predictions", "y = (y - y.mean()) / y.std()"),),
        )

    def _unreached(self, view: SubjectView, label: Site, output: Site) -> bool:
        """Whether the outputs have not come within a standard deviation of the targets' mean when the run ends.

        Whatever the loss is: they are on their way, and below `most_reached` of the targets' size.
        """
        ends = [view.series(role, site, name, sound=False).finite()
                for role, site in (("label", label), ("output", output)) for name in ("mean", "std")]  # fmt: skip
        if min(map(len, ends)) < self.min_steps or not all(map(view.seen_late, ends)):
            return False
        mean, std, reached, spread = (float(np.median(series.values[-3:])) for series in ends)
        size = float(np.hypot(reached, spread))
        return abs(mean - reached) > std and size < self.most_reached * float(np.hypot(mean, std))

    def _made(self, view: SubjectView, rms: float) -> Location | None:
        """Of several targets, where the one of this size was made."""
        arrays = [one for one in view.sites("array", None) if str(one.attributes.get("role") or "").startswith("y[")]
        for array in arrays:
            mean, std = array.attributes.get("mean"), array.attributes.get("std")
            if mean is not None and std is not None and 0.5 < np.hypot(mean, std) / rms < 2:
                return made_at(view.recording, array, transforms)
        alone = [one for one in view.sites("array", None) if one.attributes.get("role") == "y"]
        if len(alone) != 1 or arrays:
            return None
        return (
            read_at(view.recording, alone[0])
            or made_at(view.recording, alone[0], _in_a_reader, sources=True)
            or converted_at(view.recording, alone[0])
        )


def _in_a_reader(step: Step) -> bool:
    """Whether a step computes something in a function of the script that reads a file."""
    within = ast.walk(scope_at(step.module, step.line)) if transforms(step) and step.call is not None else ()
    return any(isinstance(node, ast.Call) and reads(node) for node in within)
