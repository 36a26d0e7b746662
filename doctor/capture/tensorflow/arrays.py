"""Facts about whole arrays that the script hands over: ranges, rows that are not finite, classes, columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.capture.session import Session
from doctor.types import Location, Site

#: Values that are looked at for spreads; rows are taken evenly where there are more.
MAX_VALUES = 8_000_000
MAX_CLASSES = 1000
#: Arrays that are described; a script may call predict in a loop.
MAX_ARRAYS = 40
MAX_COLUMNS = 256


def describe_array(session: Session, value: Any, role: str | None, location: Location | None) -> None:
    """Describe an array, or each of a list, tuple or dict of arrays, once for each object and role."""
    if isinstance(value, dict):
        for name, one in value.items():
            describe_array(session, one, f"{role}[{name!r}]" if role else str(name), location)
        return
    if isinstance(value, (list, tuple)) and value and all(hasattr(one, "shape") for one in value):
        for number, one in enumerate(value):
            describe_array(session, one, f"{role}[{number}]" if role else None, location)
        return
    names = [str(name) for name in getattr(value, "columns", [])] if hasattr(value, "to_numpy") else []
    array = _as_array(value)
    if array is None or array.ndim == 0 or array.size == 0:
        return
    key = f"array:{role or 'data'}:{location.line if location else 0}:{id(value) % 1_000_003}"
    if session.recorder.site(key) is not None or session.described_arrays >= MAX_ARRAYS:
        return
    session.described_arrays += 1
    session.recorder.describe(
        Site(
            key=key,
            kind="array",
            name=session.locator.assigned_name(location) or str(role or "array"),
            location=location,
            attributes={"role": role, **array_facts(array, names)},
        )
    )


def array_facts(array: np.ndarray, names: list[str] | None = None) -> dict[str, Any]:
    """Shape, range, spread, rows that are not finite, columns and classes of an array."""
    facts: dict[str, Any] = {"shape": list(array.shape), "dtype": str(array.dtype)}
    nonfinite = np.zeros(0, dtype=np.int64)
    if array.dtype.kind == "f":
        # A sum is NaN or infinite if any value is: one cheap pass over healthy data.
        with np.errstate(all="ignore"):
            clean = bool(np.isfinite(array.sum(dtype=np.float64)))
        if not clean:
            flat = array.reshape(len(array), -1)
            nonfinite = np.flatnonzero(~np.isfinite(flat).all(axis=1))
            facts["nonfinite"] = int((~np.isfinite(flat)).sum())
    facts.setdefault("nonfinite", 0)
    facts["nonfinite_rows"] = nonfinite[:10].tolist()
    stride = max(1, array.size // MAX_VALUES)
    sample = array[::stride]
    with np.errstate(all="ignore"):
        finite = sample[np.isfinite(sample)] if array.dtype.kind == "f" and len(nonfinite) else sample
        if finite.size:
            facts.update(
                min=float(finite.min()), max=float(finite.max()), mean=float(finite.mean()), std=float(finite.std())
            )
        if array.ndim == 2 and array.shape[1] <= MAX_COLUMNS:
            facts["columns"] = [
                {
                    **({"name": names[number]} if names and number < len(names) else {}),
                    "min": float(np.nanmin(column)) if np.isfinite(column).any() else None,
                    "max": float(np.nanmax(column)) if np.isfinite(column).any() else None,
                    "mean": float(np.nanmean(column)) if np.isfinite(column).any() else None,
                    "std": float(np.nanstd(column)) if np.isfinite(column).any() else None,
                    "nonfinite": int((~np.isfinite(column)).sum()),
                }
                for number, column in enumerate(sample.astype(np.float64).T)
            ]
    if array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1):
        values, counts = np.unique(sample.reshape(-1), return_counts=True)
        if len(values) <= MAX_CLASSES and np.array_equal(values, np.rint(values)):
            facts["classes"] = {str(int(value)): int(count * stride) for value, count in zip(values, counts)}
    return facts


def _as_array(value: Any) -> np.ndarray | None:
    if value is None or isinstance(value, (str, bytes)):
        return None
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    elif hasattr(value, "numpy") and not isinstance(value, np.ndarray):
        try:
            value = value.numpy()
        except (AttributeError, NotImplementedError, RuntimeError):
            return None
    if not isinstance(value, np.ndarray):
        return None
    return value if value.dtype.kind in "fiub" else None
