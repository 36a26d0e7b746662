"""JSON forms of what a recording holds."""

from __future__ import annotations

import math
from typing import Any

from doctor.types import Site

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def encode_number(value: float) -> float | str:
    """A number as JSON can hold it: NaN and infinities become strings."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def decode_number(value: float | str) -> float:
    """The reverse of `encode_number`."""
    return _NOT_FINITE[value] if isinstance(value, str) else float(value)


def site_to_dict(site: Site) -> dict[str, Any]:
    """JSON form of a site, as in sites.jsonl."""
    location = site.location
    return {
        "key": site.key,
        "kind": site.kind,
        "name": site.name,
        "subject": site.subject,
        "phase": site.phase,
        "location": None if location is None else [location.path, location.line, location.code],
        "attributes": dict(site.attributes),
    }
