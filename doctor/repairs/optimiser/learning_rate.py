"""Another learning rate, at the place where the rate is chosen."""

from __future__ import annotations

import math
import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.shared.origins import origin
from doctor.repairs.shared.rates import Rate, rate_at
from doctor.repairs.optimiser.scheduled import fallen, returned_by_callback
from doctor.repairs.source import number
from doctor.rules.updates import learning_rate

#: Factors that are tried, in this order: the suggested one first, then its neighbours.
TRIED = 4
#: Rates that are tried instead of one that is zero or below.
_POSITIVE = (0.01, 0.001, 0.1)


class LearningRate(Repair):
    """Lowers or raises the rate by powers of ten; which of them is right is found by trying.

    A rate that is written out is replaced where it stands, also as the default of an option or in a configuration
    that is part of the script. One that comes from elsewhere is replaced where it enters the optimiser, one that is
    computed is multiplied.
    """

    id = "learning-rate"
    faults = ("lr-too-high", "lr-too-low")

    def patches(self, case: Case) -> Iterator[Patch]:
        down = case.finding.fault == "lr-too-high"
        if not down and (fallen(case) is not None or _told_otherwise(case)):
            return  # the rate is right, and falls too early, or stands in another's place
        measured = learning_rate(case.view)
        peak = _peak(case) if down else None
        rate = _rate(case, measured)
        if measured is not None and measured <= 0 and rate.kind in ("number", "given"):
            for positive in dict.fromkeys((abs(measured) or _POSITIVE[0], *_POSITIVE)):
                yield self.patch(f"Set the learning rate to {positive:g}", rate.set_to(positive), value=positive)
            return
        for factor in _factors(measured, _suggested(case), down):
            edits, value = rate.scaled(factor, peak if rate.kind == "given" and peak else measured)
            if value is not None:
                yield self.patch(f"Set the learning rate to {value:g}", edits, value=value)
            else:
                yield self.patch(f"Multiply the learning rate by {factor:g}", edits, value=factor)


def _told_otherwise(case: Case) -> bool:
    """Whether the rule proposes something else than a rate: another mode, arguments in their places."""
    return any(fix.code.startswith("mode=") or "..." in fix.code for fix in case.finding.fixes)


def _rate(case: Case, measured: float | None) -> Rate:
    """The rate in use: what a callback returns, where that says another than the optimiser."""
    callback = returned_by_callback(case)
    if callback is not None:
        source, value = callback
        parts: list[cst.BaseExpression] = [*source.inside(value, cst.Float), *source.inside(value, cst.Integer)]
        for node in parts + [*source.inside(value, cst.Name), *source.inside(value, cst.Attribute)]:
            known = origin(case, source, node)
            if measured is not None and known.number is not None and math.isclose(known.number, measured, rel_tol=1e-3):
                return Rate(known.source, known.node, "number")
        if number(value) is None and not (isinstance(value, cst.Name) and value.value == "lr"):
            return Rate(source, value, "computed")
    return rate_at(case, case.source, case.location.line, measured)


def _peak(case: Case) -> float | None:
    """The largest rate that was seen."""
    rates = case.view.recording.scalars(case.view.subject.key, "learning_rate").finite().values
    return float(rates.max()) if len(rates) else None


def _suggested(case: Case) -> float | None:
    """The rate that the rule proposes."""
    for fix in case.finding.fixes:
        found = re.search(r"learning_rate\s*=\s*([0-9][0-9.e+-]*)", fix.code)
        if found:
            try:
                return float(found[1])
            except ValueError:
                continue
    return None


def _factors(rate: float | None, suggested: float | None, down: bool) -> list[float]:
    """By what the rate is multiplied, the likeliest factor first."""
    best = -1 if down else 1
    if rate and suggested and rate > 0:
        best = round(math.log10(suggested / rate)) or best
    sign = -1 if down else 1
    powers = [best, best + sign, best - sign, best + 2 * sign]
    return [10.0**power for power in dict.fromkeys(powers) if power * sign > 0][:TRIED]
