"""Numbers that an optimiser is given in each other's place."""

from __future__ import annotations

from typing import Iterator

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.shared.computed_rates import RATE
from doctor.repairs.edits import Edits
from doctor.repairs.shared.rates import OPTIMISERS
from doctor.repairs.source import last_name

#: Optimisers whose second argument is what is usually given beside the rate: a decay, a momentum.
_IN_ORDER = ("AdamW", "SGD", "RMSprop", "Adafactor", "MomentumOptimizer", "Lamb")


class SwappedArguments(Repair):
    """Changes the places of the rate and of the weight decay (momentum, ...) that stands where the rate belongs."""

    id = "swapped-arguments"
    faults = ("lr-too-low", "lr-too-high")

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        for call in source.calls(line=case.location.line):
            plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
            name = last_name(call.func)
            if not OPTIMISERS.search(name) or len(plain) < 2:
                continue
            first = source.code(plain[0])
            rate = next((value for value in plain[1:] if RATE.search(source.code(value))), None)
            if rate is None or RATE.search(first) and "decay" not in first:
                continue
            if name not in _IN_ORDER or rate is not plain[1]:
                raise CannotWrite(f"what `{first}` is meant for in {name} is not known")
            edits = Edits(source)
            edits.replace(plain[0], source.code(rate))
            edits.replace(rate, first)
            yield self.patch(f"Give `{source.code(rate)}` as the learning rate", edits)
            return
