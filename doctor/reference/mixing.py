"""What an order of shuffle, batch and repeat does to the items: measured on the numbers of those that were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

#: Numbers of items, in the order drawn: shape (draws,).
Draws = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Mixing:
    """How well the draws are mixed. An epoch is as many draws as there are items.

    Attributes:
        recurring: share of the draws of an epoch whose item was drawn in this epoch already, mean over the
            epochs. As many items are not seen in it.
        blended: share of the draws that belong to another pass over the data than their epoch: the k-th draw
            of an item belongs to the k-th pass.
        frozen: share of the batches after the first epoch that hold the same items as a batch of the first.
        neighbours: share of the pairs of items that are stored side by side and are drawn in one batch, mean
            over the epochs; chance gives (batch - 1) / (items - 1).
        distance: mean distance between an item's place in storage and its place in the epoch, as a share of
            the third of the items that a random order has on average: 1 is wholly mixed.
        short: batches with fewer items than the largest.
    """

    recurring: float
    blended: float
    frozen: float
    neighbours: float
    distance: float
    short: int


def measure(batches: Sequence[Draws], items: int) -> Mixing:
    """How well the items are mixed.

    Args:
        batches: the numbers (0 to `items` - 1) of the items of each batch, in the order drawn.
        items: of the data set.

    Raises:
        ValueError: less than one epoch was drawn.
    """
    draws = np.concatenate(batches)
    epochs = len(draws) // items
    if not epochs:
        raise ValueError(f"{len(draws)} draws are less than an epoch of {items} items: draw more")
    windows = draws[: epochs * items].reshape(epochs, items)
    passes = _occurrence(draws)[: epochs * items].reshape(epochs, items)
    places = np.abs(windows - np.arange(items))
    largest = max(len(batch) for batch in batches)
    return Mixing(
        recurring=float(np.mean([1 - len(np.unique(window)) / items for window in windows])),
        blended=float((passes != np.arange(epochs)[:, None]).mean()),
        frozen=_frozen(batches, items),
        neighbours=_neighbours(batches, items),
        distance=float(places.mean() / (items / 3)),
        short=sum(len(batch) < largest for batch in batches),
    )


def _occurrence(draws: Draws) -> Draws:
    """For each draw, how often its item was drawn before."""
    order = np.argsort(draws, kind="stable")
    first = np.searchsorted(draws[order], draws[order])
    found = np.empty(len(draws), dtype=np.int64)
    found[order] = np.arange(len(draws)) - first
    return found


def _frozen(batches: Sequence[Draws], items: int) -> float:
    starts = np.cumsum([0, *(len(batch) for batch in batches)])[:-1]
    # One that reaches from the first epoch into the second belongs to neither.
    first = {_contents(batch) for batch, start in zip(batches, starts) if start + len(batch) <= items}
    later = [_contents(batch) for batch, start in zip(batches, starts) if start >= items]
    return float(np.mean([contents in first for contents in later])) if later else 0.0


def _contents(batch: Draws) -> bytes:
    return np.sort(batch).tobytes()


def _neighbours(batches: Sequence[Draws], items: int) -> float:
    """Each batch is sorted: neighbours in storage are then neighbours in it."""
    together = sum(int((np.diff(np.unique(batch)) == 1).sum()) for batch in batches)
    epochs = sum(len(batch) for batch in batches) / items
    return together / ((items - 1) * epochs)
