"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float | None, unit: str = "") -> str:
    """A number with four digits at most, thousands grouped; shares as per cent."""
    if value is None:
        return ""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "infinite" if value > 0 else "-infinite"
    if unit == "share":
        return percent(value)
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    if abs(value) >= 1e5 or abs(value) < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    if abs(value) >= 1e3:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def percent(share: float) -> str:
    """A share from 0 to 1 as per cent; never rounds to 0 % or 100 % what is not."""
    hundred = share * 100
    for digits in (0, 1, 2, 3):
        rounded = round(hundred, digits)
        if (rounded == 0) == (share == 0) and (rounded == 100) == (share == 1):
            if digits or rounded == hundred or abs(hundred) >= 10:
                return f"{rounded:.{digits}f} %"
    return f"{number(hundred)} %"


def seconds(value: float) -> str:
    """A duration in seconds, or in minutes where that is easier to read."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def count(amount: int, noun: str) -> str:
    """An amount with its noun in the singular or plural."""
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"
