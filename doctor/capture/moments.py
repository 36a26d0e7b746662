"""Whether windows of one set hold the same moments as windows of another: overlapping windows, split at random."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass, field

import numpy as np

from doctor.capture import rowhash
from doctor.capture.recorder import Recorder

#: Moments in a row that are compared: a single value, or a few, may occur again by chance.
TOGETHER = 3
#: Shortest window, and fewest windows, that are looked at.
MIN_LENGTH, MIN_WINDOWS = 6, 50
#: Different values among the first that tell measurements from symbols.
MIN_DISTINCT = 100
#: Values that are hashed of one array: some 0.2 s. Larger arrays are left out.
MAX_VALUES = 4_000_000
#: Different groups of moments that are kept of one array; about as many are chosen by their hash.
MAX_KEPT = 50_000
#: Arrays that are looked at.
MAX_ARRAYS = 6
#: Odd, of even bits.
_FACTORS = [np.uint32(one) for one in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)]


@dataclass(frozen=True)
class Moments:
    """What was kept of one set of windows.

    Attributes:
        hashes, placed: of groups of moments, and of each with its place in its window, every pair once.
        choice: of each, by which they are chosen: those that end in `share_bits` zero bits.
        share_bits: see there.
        windows, length: how many, and moments in each.
    """

    hashes: rowhash.HashArray
    placed: rowhash.HashArray
    choice: np.ndarray
    share_bits: int
    windows: int
    length: int


def moments(windows: np.ndarray) -> Moments | None:
    """The groups of moments in windows of shape (windows, length) or (windows, length, features); None for others."""
    if windows.dtype.kind != "f" or windows.ndim not in (2, 3) or not rowhash.hashable(windows):
        return None
    count, length = windows.shape[:2]
    if length < MIN_LENGTH or count < MIN_WINDOWS or windows.size > MAX_VALUES:
        return None
    if len(np.unique(windows[: max(1, 2000 // windows[:1].size)])) < MIN_DISTINCT:
        return None
    low, high, blank = (half.reshape(count, length) for half in rowhash.halves(windows.reshape(count * length, -1)))
    kept = ~_flat(windows, blank)
    bits = max(0, int(np.ceil(np.log2(max(int(np.count_nonzero(kept)), 1) / MAX_KEPT))))
    if bits:  # chosen first: to hash and to sort all groups would take most of the time
        kept &= _choice(low.view(np.uint32)) & np.uint32((1 << bits) - 1) == 0
    window, place = np.nonzero(kept)
    each = [
        low[window, place + shift].astype(np.uint64) & np.uint64(0xFFFFFFFF)
        | high[window, place + shift].astype(np.uint64) << np.uint64(32)
        for shift in range(TOGETHER)
    ]
    group = functools.reduce(rowhash.paired, each)
    placed, first = np.unique(rowhash.paired(group, place.astype(np.uint64) + np.uint64(1)), return_index=True)
    choice = _choice(np.stack([one[first].astype(np.uint32) for one in each], axis=1))[:, 0]
    return Moments(group[first], placed, choice, bits, count, length)


def _choice(low: np.ndarray) -> np.ndarray:
    """Of each group of moments a number, in 16 even bits, by which it is chosen; `low` of shape (windows, moments)."""
    mixed = np.zeros((len(low), low.shape[1] - TOGETHER + 1), np.uint32)
    for shift, factor in enumerate(_FACTORS):
        mixed ^= low[:, shift : low.shape[1] - TOGETHER + 1 + shift] * factor
    return mixed * _FACTORS[0] >> np.uint32(16)


def _flat(windows: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """Groups whose moments are all alike, as padding is, shape (windows, length - TOGETHER + 1)."""
    flat = windows.reshape(*windows.shape[:2], -1)
    same = (flat[:, 1:] == flat[:, :-1]).all(axis=2)
    found: np.ndarray = same[:, : same.shape[1] - TOGETHER + 2]
    for shift in range(1, TOGETHER - 1):
        found = found & same[:, shift : same.shape[1] - TOGETHER + 2 + shift]
    several = windows.ndim == 3 and windows.shape[2] > 1
    return found | blank[:, : 1 - TOGETHER] if several else found


def shared(held: Moments, trained: Moments) -> float | None:
    """Share of the groups of moments of `held` that occur in `trained`, at another place of a window.

    Columns of a table may well agree, at the same place; windows that overlap are shifted. None where it
    says nothing: fewer windows than a window is long lie almost wholly beside a border.
    """
    if held.length != trained.length or held.windows < held.length:
        return None
    bits = max(held.share_bits, trained.share_bits)
    chosen = held.choice & np.uint32((1 << bits) - 1) == 0
    mine, placed = held.hashes[chosen], held.placed[chosen]
    if not len(mine) or not len(trained.hashes):
        return None
    return float((np.isin(mine, trained.hashes) & ~np.isin(placed, trained.placed)).mean())


@dataclass
class MomentBook:
    """Keeps the moments of the arrays of a run, and says at its end which sets share them.

    Attributes:
        recorder: of the run.
        kept: key of the site of kind "rows": its moments.
    """

    recorder: Recorder
    kept: dict[str, Moments] = field(default_factory=dict)

    def keep(self, key: str, array: np.ndarray) -> None:
        """Look at the windows of an array, which belong to the site `key`."""
        if len(self.kept) < MAX_ARRAYS:
            found = moments(array)
            if found is not None:
                self.kept[key] = found

    def compare(self) -> None:
        """Write to each site which share of its moments occurs in the others: `overlaps`."""
        for key, held in self.kept.items():
            site = self.recorder.site(key)
            found = {other: shared(held, one) for other, one in self.kept.items() if other != key}
            known = {other: part for other, part in found.items() if part}
            if site is not None and known:
                attributes = {**site.attributes, "overlaps": known}
                self.recorder.describe(dataclasses.replace(site, attributes=attributes))
