"""What holds an optimiser's updates back is loosened, where its number is chosen."""

from __future__ import annotations

from typing import Iterator

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.named import numbers_on
from doctor.repairs.source import number

#: What the proposals of the rule begin with, and the number that is written instead.
_PROPOSED = {"epsilon=": 1e-7, "clipnorm=": 1.0}


class LooseUpdates(Repair):
    """Gives epsilon its usual size, or bounds the gradient where an unusual one begins only."""

    id = "loose-updates"
    faults = ("lr-too-low",)

    def patches(self, case: Case) -> Iterator[Patch]:
        proposed = next((fix.code for fix in case.finding.fixes), "")
        value = next((one for word, one in _PROPOSED.items() if proposed.startswith(word)), None)
        if value is None:
            return
        held = next((one.observed for one in case.finding.evidence
                     if one.series == "epsilon" or "clip" in one.series), None)  # fmt: skip
        source, line = case.source, case.location.line
        for literal in numbers_on(source, line):
            if held is not None and abs((number(literal) or 0.0) - held) <= 1e-6 * abs(held):
                edits = Edits(source)
                edits.replace(literal, f"{value:g}" if value < 1 else f"{value:.1f}")
                yield self.patch(f"Set it to {value:g}", edits, value=value)
                return
        raise CannotWrite(f"the number is not written on line {line}")
