"""Facts about whole arrays that the script hands over: ranges, rows that are not finite, classes, columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Mapping

import numpy as np

from doctor.capture import rowhash
from doctor.capture.call_text import CallText
from doctor.capture.codes import code_of
from doctor.capture.blanks import blanks
from doctor.capture.columns_alike import Names
from doctor.capture.origins import Origin
from doctor.capture.relation import relation
from doctor.capture.session import Session
from doctor.types import Location, RowObservation, Site

#: Values that are looked at for spreads; rows are taken evenly where there are more.
MAX_VALUES = 8_000_000
MAX_CLASSES = 1000
#: Arrays that are described; a script may call predict in a loop.
MAX_ARRAYS = 40
MAX_COLUMNS = 256
#: Pairs of inputs and labels that are tested for having to do with each other: 0.1 s each at most.
MAX_RELATIONS = 6
#: Bytes of arrays of which single rows are picked, which copies them.
MAX_CHOSEN = 64_000_000
#: Rows that different values of a column are counted in, and how many are told apart.
DISTINCT_ROWS = 10_000
MAX_DISTINCT = 100


@dataclass(frozen=True)
class Given:
    """An array that the script handed over, of those that a dict, tuple or list may hold.

    Attributes:
        key: of its site; "" where no more are described.
        array: its values, the numeric columns of a table.
        names: of its columns, or ().
        role: "x", "y['age']".
    """

    key: str
    array: np.ndarray
    names: Names
    role: str | None


def describe_array(
    session: Session,
    value: Any,
    role: str | None,
    location: Location | None,
    call: CallText | None = None,
    place: tuple[Any, ...] = (0, ""),
    text: str | None = None,
) -> list[Given]:
    """Describe an array, or each of a list, tuple or dict of arrays, once for each object and role.

    Args:
        session: the watched run.
        value: what was handed over.
        role: see `docs/recording_format.md`.
        location: the line where it was.
        call: how that line is written.
        place: of the value among the arguments of the call, as `CallText.argument` takes it.
        text: how the script names the value, where that is known otherwise.
    """
    if isinstance(value, Mapping):
        return [
            given
            # In one order whatever order the script has them in, so that rows of equal data have equal hashes.
            for name, one in sorted(value.items(), key=lambda item: str(item[0]))
            for given in describe_array(
                session, one, f"{role}[{name!r}]" if role else str(name), location, call, (*place, name)
            )
        ]
    if isinstance(value, (list, tuple)) and value and all(hasattr(one, "shape") for one in value):
        return [
            given
            for number, one in enumerate(value)
            for given in describe_array(
                session, one, f"{role}[{number}]" if role else None, location, call, (*place, number)
            )
        ]
    array, names, left_out = as_array(value)
    if array is None or array.ndim == 0 or array.size == 0:
        return []
    key = f"array:{role or 'data'}:{location.line if location else 0}:{id(value) % 1_000_003}"
    origin = session.origins.of(value)
    known = session.recorder.site(key)
    if known is not None and known.attributes["shape"] != list(array.shape):
        # The id of an array that is gone, as of a slice in an earlier call, was given to another.
        key = f"{key}:{'x'.join(map(str, array.shape))}"
        known = session.recorder.site(key)
    if known is not None:
        names = names or tuple(known.attributes.get("names") or ())
        return [Given(key, array, names, role)]
    if session.described_arrays >= MAX_ARRAYS:
        return [Given("", array, names, role)]
    session.described_arrays += 1
    if origin is None and array.ndim >= 2 and session.origins.has_rows(array[:1].size):
        sample = rowhash.sample([array])
        origin = None if sample is None else session.origins.of_rows(sample, array[:1].size)
    if origin is None and array.ndim == 2:
        origin = session.origins.of_scaled(array)
    if not names and origin is not None and origin.names and array.ndim == 2 and len(origin.names) == array.shape[1]:
        names = origin.names
    text = text or (call.argument(*place) if call is not None else None)
    caller = session.locator.caller(1)
    session.recorder.describe(
        Site(
            key=key,
            kind="array",
            # What a line assigns to is a name for the data of a dataset, but a history for that of a training.
            name=text or role or session.locator.assigned_name(location) or "array",
            location=location,
            attributes={
                "role": role,
                "variable": text,
                "called_from": caller.listed() if caller else None,
                "origin": _origin_facts(origin),
                **({"names": list(names)} if names and len(names) <= MAX_COLUMNS else {}),
                **({"left_out": left_out} if left_out else {}),
                **array_facts(array, list(names)),
            },
        )
    )
    return [Given(key, array, names, role)]


def observe_rows(
    session: Session,
    inputs: list[Given],
    labels: list[Given],
    phase: str | None,
    location: Location | None,
    start: float = 0.0,
    end: float = 1.0,
    fit: int | None = None,
    found: bool = False,
    weights: Any = None,
) -> None:
    """Keep hashes of rows of arrays that belong together, once for the same arrays.

    Args:
        session: the watched run.
        inputs, labels: as `describe_array` returned them.
        phase: "train", "eval", or None where only the use of a dataset will tell.
        location: the line where they are handed over.
        fit: number of the call of `fit` that they are for, or after which they are evaluated.
        found: the batches are among these rows; which of them are used is not known.
        start, end: shares of the rows, the part between which is used: the others are validated on, say.
        weights: of the rows, (N,): those with weight 0 are not used.
    """
    if session.overhead <= 0 or not inputs or not all(one.key for one in inputs):
        return
    key = f"rows:{inputs[0].key}:{phase}"
    rows = len(inputs[0].array)
    part = slice(math.floor(rows * start), math.floor(rows * end))
    if session.recorder.site(key) is not None:
        return
    chosen: slice | np.ndarray = part
    if (weighed := _weighed(weights, rows)) is not None:
        if sum(one.array.nbytes for one in (*inputs, *labels)) > MAX_CHOSEN:
            return  # what is picked is a copy
        chosen = np.flatnonzero(weighed)
        chosen = chosen[(chosen >= part.start) & (chosen < part.stop)]
    sample = rowhash.sample([one.array[chosen] for one in inputs], [one.array[chosen] for one in labels])
    if sample is None:
        return
    site = Site(
        key=key,
        kind="rows",
        name="rows of " + ", ".join(one.role or "data" for one in inputs[:3]),
        phase=phase or "train",
        location=location,
        attributes={
            "of": "arrays",
            "used_for": phase,
            "inputs": [one.key for one in inputs],
            "labels": [one.key for one in labels if one.key],
            "width": sum(one.array[:1].size for one in inputs),
            "rows": sample.rows,
            "looked_at": sample.looked_at,
            "share_bits": sample.share_bits,
            "truncated": sample.truncated,
            "fit": fit,
            "found": found,
            "relation": _relation(session, inputs, labels, chosen),
        },
    )
    session.recorder.describe(site)
    if len(inputs) == 1 and isinstance(chosen, slice):
        session.moments.keep(key, inputs[0].array[part])
        session.copies.keep(key, phase, inputs[0].array, labels[0].array if len(labels) == 1 else None, part)
    session.recorder.observe(
        RowObservation(session.steps_done, key, sample.positions, sample.inputs, sample.both, sample.blank)
    )


def _weighed(weights: Any, rows: int) -> np.ndarray | None:
    """Which rows have a weight, where some have none; None where all have, or a row has several weights."""
    if weights is None or isinstance(weights, (dict, list, tuple)):
        return None
    values = np.asarray(weights.numpy() if hasattr(weights, "numpy") else weights)
    if values.dtype.kind not in "fiub" or values.size != rows or len(values) != rows:
        return None
    used = np.asarray(values.reshape(-1) != 0)
    return None if used.all() else used


def _relation(
    session: Session, inputs: list[Given], labels: list[Given], part: slice | np.ndarray
) -> dict[str, Any] | None:
    """Whether the only labels have to do with the inputs; None where there are several, or none."""
    if len(labels) != 1 or session.related >= MAX_RELATIONS:
        return None
    session.related += 1
    return relation([one.array[part] for one in inputs], labels[0].array[part])


def array_facts(array: np.ndarray, names: list[str | None] | None = None) -> dict[str, Any]:
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
            facts["columns"] = list(_columns(sample, names or [], stride))
    if (found := blanks(sample)) is not None:
        facts["blanks"] = found
    if array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1):
        values, counts = np.unique(sample.reshape(-1), return_counts=True)
        if len(values) <= MAX_CLASSES and np.array_equal(values, np.rint(values)):
            facts["classes"] = {str(int(value)): int(count * stride) for value, count in zip(values, counts)}
    return facts


def _columns(sample: np.ndarray, names: list[str | None], stride: int) -> Iterator[dict[str, Any]]:
    some = sample[:: max(1, len(sample) // DISTINCT_ROWS)]
    for number, column in enumerate(sample.astype(np.float64).T):
        seen = column[np.isfinite(column)]
        different = len(np.unique(some[:, number]))
        yield {
            **({"name": names[number]} if number < len(names) and names[number] is not None else {}),
            "min": float(seen.min()) if seen.size else None,
            "max": float(seen.max()) if seen.size else None,
            "mean": float(seen.mean()) if seen.size else None,
            "std": float(seen.std()) if seen.size else None,
            "nonfinite": int(column.size - seen.size),
            "constant": bool(seen.size == column.size and seen.min() == seen.max()),
            "distinct": different if different <= MAX_DISTINCT else None,
            "code": code_of(seen, stride),
        }


def table_names(given: Iterable[Given]) -> list[Names]:
    """The names of the columns of those arrays that have any."""
    return [one.names for one in given if one.array.ndim == 2 and len(one.names) == one.array.shape[1]]


def _origin_facts(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None or (origin.file is None and origin.reader == "pandas"):
        return None  # a table that the script made itself: its names are all that is known
    return origin.facts()


def as_array(value: Any) -> tuple[np.ndarray | None, Names, list[str]]:
    """(values or None, names of columns, columns left out because they hold no numbers)."""
    names: Names = ()
    left_out: list[str] = []
    if value is None or isinstance(value, (str, bytes)):
        return None, (), []
    if hasattr(value, "to_numpy"):
        if hasattr(value, "select_dtypes"):
            numeric = value.select_dtypes(include=["number", "bool"])
            names = tuple(str(name) for name in numeric.columns)
            left_out = [str(name) for name in value.columns if str(name) not in names][:MAX_COLUMNS]
            value = numeric
        value = value.to_numpy()
        if isinstance(value, np.ndarray) and value.dtype == object and names:
            value = value.astype(np.float64)  # numbers and truth values side by side
    elif hasattr(value, "numpy") and not isinstance(value, np.ndarray):
        try:
            value = value.numpy()
        except (AttributeError, NotImplementedError, RuntimeError):
            return None, (), []
    if not isinstance(value, np.ndarray):
        return None, (), []
    return (value, names, left_out) if value.dtype.kind in "fiub" else (None, (), [])
