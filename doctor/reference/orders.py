"""The six orders of shuffle, batch and repeat, as `tf.data` pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import tensorflow as tf


@dataclass(frozen=True)
class Setting:
    """What the three steps are given.

    Attributes:
        buffer: of the shuffle: items before a batch, batches after one.
        batch: items.
        epochs: of the repeat.
        seed: of the shuffle.
    """

    buffer: int
    batch: int
    epochs: int
    seed: int


_STEPS: dict[str, Callable[[tf.data.Dataset, Setting], tf.data.Dataset]] = {
    "shuffle": lambda items, given: items.shuffle(given.buffer, seed=given.seed),
    "batch": lambda items, given: items.batch(given.batch),
    "repeat": lambda items, given: items.repeat(given.epochs),
}

#: The recommended one first.
ORDERS: tuple[tuple[str, str, str], ...] = (
    ("shuffle", "batch", "repeat"),
    ("shuffle", "repeat", "batch"),
    ("repeat", "shuffle", "batch"),
    ("repeat", "batch", "shuffle"),
    ("batch", "shuffle", "repeat"),
    ("batch", "repeat", "shuffle"),
)


def title(order: tuple[str, ...]) -> str:
    """Of an order, for people: "shuffle → batch → repeat"."""
    return " → ".join(order)


def pipeline(items: tf.data.Dataset, order: tuple[str, ...], given: Setting) -> tf.data.Dataset:
    """Apply the steps in that order to a data set of single items.

    Raises:
        KeyError: a step has another name than shuffle, batch and repeat.
    """
    for step in order:
        items = _STEPS[step](items, given)
    return items
