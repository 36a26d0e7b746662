"""64-bit hashes of rows, equal for equal rows wherever they are seen.

`tensorflow/rows.py` computes the same sums inside a graph. So only operations are used that
both do alike, bit for bit: a cast to float32, and integer arithmetic that wraps around at 32
bits. A row is what stands at one index of the first axis, flattened.

The low half looks at some 64 evenly spaced values of a row, the high half at all of them:
the low half of many rows is cheap, and decides by content which rows are hashed in full, so
that a row that stands in two arrays is in the samples of both.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np
import numpy.typing as npt

HashArray = npt.NDArray[np.uint64]

#: Values of a row that the low half looks at, at most twice as many.
LOOKS = 64
#: Rows of an array that are hashed in full; about as many are chosen where there are more.
MAX_ROWS = 4096
#: Values of an array that choosing may look at: some 0.1 s.
MAX_VALUES = 8_000_000
#: Values that are in work at a time.
_CHUNK = 1 << 18
LOW_SEED, HIGH_SEED = 0x51ED270B, 0x2545F491
MAGNITUDE, INFINITE, NAN = 0x7FFFFFFF, 0x7F800000, 0x7FC00000


@dataclass(frozen=True)
class RowSample:
    """Some rows of an array, chosen by their content.

    Attributes:
        positions: of the rows in the array, ascending.
        inputs: hashes of the inputs.
        both: hashes of inputs and labels together, 0 where there are no labels.
        blank: rows whose values are all the same.
        rows: of the whole array.
        looked_at: of which so many were looked at.
        share_bits: rows were chosen whose hash ends in so many zero bits.
        truncated: whether more rows were chosen than are kept.
    """

    positions: npt.NDArray[np.int64]
    inputs: HashArray
    both: HashArray
    blank: npt.NDArray[np.bool_]
    rows: int
    looked_at: int
    share_bits: int
    truncated: bool


@functools.lru_cache(maxsize=64)
def factors(width: int, seed: int) -> npt.NDArray[np.int32]:
    """An odd factor for each of `width` positions."""
    x = (np.arange(width, dtype=np.uint32) + np.uint32(seed)) * np.uint32(0x9E3779B1)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    return (x | np.uint32(1)).view(np.int32)


def stride(width: int) -> int:
    """Distance of the values that the low half looks at."""
    return max(1, width // LOOKS)


def hashable(array: np.ndarray) -> bool:
    """Whether rows of `array` can be hashed: numbers or truth values, with at least one axis."""
    return array.ndim >= 1 and array.dtype.kind in "fiub" and array.dtype.itemsize <= 8 and array.size > 0


def halves(array: np.ndarray, *, full: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(low, high, blank) of every row, int32, int32 and bool; `high` and `blank` only where `full`."""
    low = np.zeros(len(array), np.int32)
    high = np.zeros(len(array) if full else 0, np.int32)
    blank = np.zeros(len(array) if full else 0, np.bool_)
    width = array[:1].size
    if width == 0:
        return low, high, blank
    step = stride(width)
    rows = max(1, _CHUNK // width)
    for start in range(0, len(array), rows):
        part = slice(start, start + rows)
        matrix = array[part].reshape(-1, width)
        if not full:
            low[part] = _sums(_bits(matrix[:, ::step]), factors(-(-width // step), LOW_SEED))
            continue
        bits = _bits(matrix)
        low[part] = _sums(bits[:, ::step], factors(-(-width // step), LOW_SEED))
        high[part] = _sums(bits, factors(width, HIGH_SEED))
        first = bits[:, :1]
        blank[part] = (bits == first).all(axis=1) & ((first[:, 0] == 0) | (width > 1))
    return low, high, blank


def combined(lows: Sequence[np.ndarray], highs: Sequence[np.ndarray]) -> HashArray:
    """One hash for rows that consist of several tensors, whose halves are given in order."""
    low, high = _folded(lows), _folded(highs)
    return low.astype(np.uint64) | (high.astype(np.uint64) << np.uint64(32))


def paired(inputs: HashArray, labels: HashArray) -> HashArray:
    """Hashes of inputs together with their labels."""
    mixed = inputs ^ (labels * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    result: HashArray = mixed ^ (mixed >> np.uint64(32))
    return result


def sample(inputs: Sequence[np.ndarray], labels: Sequence[np.ndarray] = ()) -> RowSample | None:
    """Rows of arrays of equal length that belong together, chosen by the content of the inputs.

    Reads, but does not copy, whole arrays; None where nothing can be hashed.
    """
    inputs = [array for array in inputs if hashable(array)]
    if not inputs or len({len(array) for array in inputs}) != 1:
        return None
    labels = [array for array in labels if hashable(array) and len(array) == len(inputs[0])]
    total = len(inputs[0])
    looks = sum(-(-width // stride(width)) for width in (array[:1].size for array in inputs))
    lows, where = [], []
    for part in _parts(total, max(1, MAX_VALUES // max(looks, 1))):
        lows.append(_folded([halves(array[part], full=False)[0] for array in inputs]))
        where.append(np.arange(part.start, part.stop))
    positions, low = np.concatenate(where), np.concatenate(lows)
    bits = max(0, int(np.ceil(np.log2(max(len(low), 1) / MAX_ROWS))))
    chosen = positions[(low & np.uint32((1 << bits) - 1)) == 0]
    kept = chosen[: 2 * MAX_ROWS]
    parts = [_taken(array, kept) for array in inputs]
    hashes = combined([one[0] for one in parts], [one[1] for one in parts])
    both = np.zeros(len(kept), np.uint64)
    if labels:
        answers = [_taken(array, kept) for array in labels]
        both = paired(hashes, combined([one[0] for one in answers], [one[1] for one in answers]))
    blank = np.logical_and.reduce([one[2] for one in parts])
    return RowSample(kept, hashes, both, blank, total, len(low), bits, len(kept) < len(chosen))


def _taken(array: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`halves` of the rows at `positions`, a few at a time: a copy of large rows would not fit."""
    rows = max(1, _CHUNK // max(array[:1].size, 1))
    parts = [halves(array[positions[start : start + rows]]) for start in range(0, len(positions), rows)]
    if not parts:
        return halves(array[:0])
    low, high, blank = (np.concatenate(column) for column in zip(*parts))
    return low, high, blank


def _parts(total: int, wanted: int) -> Iterator[slice]:
    """Slices of all rows, or evenly spaced ones that hold `wanted` together."""
    if total <= wanted:
        yield slice(0, total)
        return
    count = 64 if wanted >= 64 else 1
    size = wanted // count
    for start in np.linspace(0, total - size, count).astype(int):
        yield slice(int(start), int(start) + size)


def _bits(matrix: np.ndarray) -> np.ndarray:
    """The bits of the values as float32; both zeros are one, and so are all NaNs."""
    with np.errstate(all="ignore"):
        bits = np.ascontiguousarray(matrix, dtype=np.float32).view(np.int32)
    magnitude = bits & np.int32(MAGNITUDE)
    bits = np.where(magnitude == 0, np.int32(0), bits)
    return np.where(magnitude > np.int32(INFINITE), np.int32(NAN), bits)


def _sums(bits: np.ndarray, factor: np.ndarray) -> np.ndarray:
    # Small whole numbers have all their bits at the top of a float32: they are folded down.
    mixed = (bits ^ (bits >> 15)) * factor
    mixed ^= mixed >> 16
    sums: np.ndarray = mixed.sum(axis=1, dtype=np.int32)
    return sums


def _folded(halves_: Sequence[np.ndarray]) -> npt.NDArray[np.uint32]:
    folded = np.zeros(len(halves_[0]), np.uint32)
    for half in halves_:
        folded = (folded * np.uint32(0x01000193)) ^ half.view(np.uint32)
        folded = (folded ^ (folded >> np.uint32(16))) * np.uint32(0x7FEB352D)
        folded = (folded ^ (folded >> np.uint32(15))) * np.uint32(0x846CA68B)
        folded ^= folded >> np.uint32(16)
    return folded
