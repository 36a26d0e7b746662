"""Rule: pixels that are between 0 and 1 go through a layer that divides them by 255 again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix
from doctor.reading.scaling import scaled_again, scaling_layer
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


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
        input-scale tells by their size; behind a frozen network nothing is small.

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

    def check(self, view: SubjectView) -> Iterator[Result]:
        layer, place = scaling_layer(view.recording), scaled_again(view.recording)
        severity = view.degree
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
