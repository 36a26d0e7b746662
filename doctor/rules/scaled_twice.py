"""Rule: pixels that are between 0 and 1 go through a layer that divides them by 255 again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.scaling import scaled_again, scaling_layer
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line
from doctor.types import Site


@dataclass(frozen=True)
class ScaledTwice(Rule):
    """Pixels between 0 and 1 go through a layer that divides them by 255.

    What it is:
        A model with a Rescaling layer of its own, as those that come with weights often are, is fed with images that
        the script has scaled already.

    Why it matters:
        The pixels are at most 0.004: features of a frozen network hardly differ from image to image, whatever was
        learned behind them.

    How it is measured:
        The training images are floats of at most `max_scaled`, and the script divides by 255 and makes a Rescaling
        layer that does, in a run that fails. Where the scaled values themselves go into the first trained layer
        input-scale tells by their size; behind a frozen network nothing is small. So, too, where the largest of
        the inputs or labels that were observed is 1/255, within `tolerance` of it, in a run that fails.

    Example:
        model.fit(images / 255.0, labels)   # model: Rescaling(1 / 255), Conv2D(...)

    Use instead:
        model.fit(images, labels)

    References:
        https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/
    """

    fault: ClassVar[str] = "input-scale"

    #: Pixels that were scaled, or standardised by their range.
    max_scaled: float = 1.5
    #: Rounding of 1/255 in single precision is a thousandth of that.
    tolerance: float = 1e-4

    def check(self, view: SubjectView) -> Iterator[Result]:
        layer, place = scaling_layer(view.recording), scaled_again(view.recording)
        severity = view.degree
        seen = self._exactly(view) if severity is not None else None
        if seen is not None and severity is not None:
            yield self._seen(view, severity, *seen)
            return
        for array in view.sites("array"):
            low, high = array.attributes.get("min"), array.attributes.get("max")
            images = array.attributes.get("role") == "x" and len(array.attributes.get("shape") or ()) > 2
            floats = str(array.attributes.get("dtype")).startswith("float")
            if layer is None or place is None or severity is None or not images or not floats or low is None:
                continue
            if high is None or high > self.max_scaled or low < -self.max_scaled or low == high:
                continue
            yield self.finding(
                view,
                severity=severity,
                confidence=Confidence.MEDIUM,
                title="The pixels are scaled twice",
                message=(
                    f"`{array.name}` lies between {number(low)} and {number(high)} when it is handed over, and line "
                    f"{layer.line} makes a layer that divides it by 255 again: the network sees at most "
                    f"{number(max(abs(low), abs(high)) / 255)}."
                ),
                site=array,
                location=layer,
                onset=0,
                evidence=(Evidence(f"array/{array.name}/max", None, float(high), 255.0),),
                fixes=(Fix("Scale once: leave it to the layer, or leave the layer out"),),
            )
            return
        yield self.ruled_out("pixels are scaled once")

    def _exactly(self, view: SubjectView) -> tuple[Site, float] | None:
        """(inputs or labels, their largest value) where that is 1/255 to the last digits, and not 1."""
        for kind in ("input", "label"):
            for site in view.sites(kind):
                high = view.series(kind, site, "max")
                largest = float(high.values.max()) if len(high) else 0.0
                if abs(largest * 255 - 1) < self.tolerance:
                    return site, largest
        return None

    def _seen(self, view: SubjectView, severity: Severity, site: Site, largest: float) -> Result:
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="The pixels are scaled twice",
            message=(
                f"The largest of `{site.name}` is {number(largest)}, which is 1/255: what lay between 0 and 1 was "
                "divided by 255 once more. What is left of it hardly moves the network."
            ),
            site=site,
            location=scaled_again(view.recording) or scaling_layer(view.recording) or data_line(view, site),
            onset=0,
            evidence=(Evidence(f"{site.kind}/{site.name}/max", 0, largest, 1.0),),
            fixes=(Fix("Divide by 255 once"),),
        )
