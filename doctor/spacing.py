"""Some of many, evenly spaced."""

from __future__ import annotations

from typing import Sequence, TypeVar

Item = TypeVar("Item")


def spread_out(items: Sequence[Item], limit: int) -> list[Item]:
    """At most `limit` (two or more) of the items, in order: the first, the last, and evenly spaced ones between."""
    if len(items) <= limit:
        return list(items)
    return [items[round(number * (len(items) - 1) / (limit - 1))] for number in range(limit)]
