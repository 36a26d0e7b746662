"""Rule: a mask of padding that hides moments which are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class MaskedSignal(Rule):
    """A Masking layer hides moments whose value is what the sensor really said.

    What it is:
        Masking leaves out all moments whose values are all `mask_value`, 0 by default. Padding stands at one end of a
        sequence. Zeros before the signal and after it, or in its midst, are measurements: a valve that is shut, a road
        without cars, a word count.

    Why it matters:
        A recurrent layer skips them: when something happened, and how long nothing did, is lost.

    How it is measured:
        The model has a Masking layer of the value 0 before its first weights, the run fails, and of the training
        sequences at least `min_rows` have blank moments on both sides of others, or between others.

    Example:
        model.add(Masking(mask_value=0.0))   # x: 0 while the valve is shut

    Use instead:
        model.add(Masking(mask_value=-1.0))  # padding that no measurement is equal to

    References:
        https://keras.io/api/layers/core_layers/masking/
    """

    fault: ClassVar[str] = "degenerate-feature"

    #: Share of the sequences whose blank moments are no padding.
    min_rows: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        layer = self._masking(view)
        if layer is None:
            return
        arrays = [one for one in view.sites("array") if one.attributes.get("blanks")]
        worst = max(arrays, key=self._no_padding, default=None)
        if worst is None or self._no_padding(worst) < self.min_rows or not view.judgement.failing:
            yield self.ruled_out("what is masked is padding, or does no harm")
            return
        known = worst.attributes["blanks"]
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title="The mask hides moments that are data",
            message=(
                f"{share(known['share'])} of the moments of `{worst.attributes.get('variable') or worst.name}` are all "
                f"zero, and {share(self._no_padding(worst))} of its sequences have such moments on both sides of "
                "others or between them: they are no padding, and the layers behind the mask never see them."
            ),
            site=worst,
            location=layer,
            onset=0,
            evidence=(Evidence(f"array/{worst.name}/sequences with blanks that are no padding", None,
                               self._no_padding(worst), self.min_rows, "share"),),
            fixes=(Fix("Leave the mask out, or pad with a value that no measurement has", "Masking(mask_value=-1.0)",
                       layer),),
        )  # fmt: skip

    def _masking(self, view: SubjectView) -> Location | None:
        """The layer before the first weights that masks zeros."""
        for model in view.sites("model", None):
            for layer in model.attributes.get("layers") or ():
                if layer["class"] == "Masking" and layer.get("mask_value") == 0:
                    return Location.of(layer["location"])
                if layer["weights"][1]:
                    break
        return None

    @staticmethod
    def _no_padding(array: Site) -> float:
        """Share of the sequences with blanks on both sides, at least, or with blanks within."""
        known = array.attributes["blanks"]
        return float(max(known["within"], known["before"] + known["after"] - 1))
