"""Rule: an output whose loss counts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class WeightlessHead(Rule):
    """One of several outputs is never trained, because its loss is multiplied by zero.

    What it is:
        A weight of 0 among the `loss_weights`, or a term of the loss that a factor takes away.

    Why it matters:
        The total loss falls, carried by the other outputs, and this one answers what its first weights happen to say.

    How it is measured:
        The gradient of every variable of the output's own layer is exactly zero at all of at least `min_steps` observed
        steps, where those of other variables are not, and its labels are given. It fires where this output is not
        learned. A single zero gradient is none: saturation and dead units leave a trace in the bias.

    Example:
        model.compile("adam", loss=losses, loss_weights={"price": 1.0, "rooms": 0.0})

    Use instead:
        model.compile("adam", loss=losses, loss_weights={"price": 1.0, "rooms": 1.0})

    References:
        https://keras.io/api/models/model_training_apis/
    """

    fault: ClassVar[str] = "loss-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient"})

    #: Fewer steps may be a warm-up of the others.
    min_steps: int = 5

    def check(self, view: SubjectView) -> Iterator[Result]:
        heads = view.sites("loss")
        outputs = [site for site in view.sites("output") if site.attributes.get("head") is not None]
        if len(heads) < 2 or len(outputs) < 2:
            return
        silent = [output for output in outputs if self._untouched(view, output)]
        if not silent:
            yield self.ruled_out("a gradient comes from every output")
            return
        if len(silent) == len(outputs):
            return  # nothing is trained at all: see update-missing
        for output in silent:
            yield self._found(view, output)

    def _untouched(self, view: SubjectView, output: Site) -> bool:
        """Whether the variables of the layer that makes an output never got a gradient other than zero."""
        layer = output.attributes.get("layer") or output.name
        own = [site for site in view.variables if site.attributes.get("layer") == layer
               and site.attributes.get("connected") is not False]  # fmt: skip
        series = [view.series("gradient", site, "norm").values for site in own]
        return bool(own) and all(len(one) >= self.min_steps and not np.any(one) for one in series)

    def _found(self, view: SubjectView, output: Site) -> Result:
        place = self._place(view)
        return self.finding(
            view,
            severity=Severity.ERROR if self._unlearned(view) else Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The loss of output `{output.name}` counts nothing",
            message=(
                f"The layer of `{output.name}` gets a gradient of exactly zero at every observed step, and the others "
                "do not: its loss is multiplied by zero."
            ),
            site=output,
            location=place,
            onset=0,
            evidence=(Evidence(f"gradient of the layer of {output.name}, largest norm", None, 0.0),),
            fixes=(Fix(f"Give the loss of `{output.name}` a weight above zero", "", place),),
        )

    def _unlearned(self, view: SubjectView) -> bool:
        """Whether the judgement says of some output that it did not learn."""
        return view.judgement.state != "training"

    def _place(self, view: SubjectView) -> Location | None:
        fit = view.first_site("fit")
        compiled = (fit.attributes.get("compile") or {}) if fit is not None else {}
        listed = compiled.get("location")
        if not listed:
            return None
        place = Location(*listed)
        return argument(view.recording, place, ("loss_weights",))
