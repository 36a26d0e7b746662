"""Collects rows of batches with their labels, and asks at the end whether the two have to do with each other."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Sequence

import numpy as np
import tensorflow as tf

from doctor.capture.relation import MAX_ROWS, relation
from doctor.capture.renaming import renaming
from doctor.capture.session import Session
from doctor.capture.tensorflow.rows import spaced
from doctor.capture.tensorflow.trace import Key
from doctor.types import Site

#: Rows of one batch, and values of one row, that are kept.
BATCH_ROWS = 32
MAX_VALUES = 512
#: Widest label that can be one-hot.
MAX_CLASSES = 100
#: Sites of batches whose relation is computed: each takes up to 0.15 s at the end of the run.
MAX_SITES = 4
#: Losses whose labels are values although they may be whole numbers.
_OF_VALUES = ("squared_error", "absolute_error", "poisson")


@dataclass
class _Collected:
    inputs: list[np.ndarray] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)
    rows: int = 0
    values: bool = False


class PairBook:
    """Keeps rows of every phase of every subject.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._collected: dict[str, _Collected] = {}
        session.at_finish(self.relate, last=True)

    def tap(
        self, site: str, inputs: tuple[Key, ...], labels: tuple[Key, ...], widths: Sequence[int | None], loss: str = ""
    ) -> PairTap | None:
        """What to keep of a forward pass; None where there is not one tensor of labels.

        Args:
            site: of kind "rows".
            inputs, labels: keys of the tensors.
            widths: values of a row, for inputs and then labels, None where that differs between batches.
            loss: what it computes.
        """
        label_width = widths[-1]
        if len(labels) != 1 or label_width is None or label_width > MAX_CLASSES:
            return None
        if site not in self._collected and len(self._collected) >= MAX_SITES:
            return None
        self._collected.setdefault(site, _Collected(values=loss in _OF_VALUES))
        # Of rows of any length the first values are kept.
        values = [width if width is not None else MAX_VALUES // len(inputs) for width in widths[:-1]]
        step = -(-sum(values) // MAX_VALUES)
        kept = tuple(-(-width // step) for width in values)
        return PairTap(self, site, inputs, labels[0], kept, label_width, step, None in widths)

    def keep(self, site: str, inputs: np.ndarray, labels: np.ndarray) -> None:
        """Keep some rows of a batch, inputs of shape (rows, values) and labels of shape (rows, width)."""
        collected = self._collected[site]
        room = MAX_ROWS - collected.rows
        if room > 0 and len(inputs):
            collected.inputs.append(inputs[:room])
            collected.labels.append(labels[:room])
            collected.rows += len(inputs[:room])

    def relate(self) -> None:
        """Say at the sites of batches how far labels can be guessed from the inputs, or from what was trained on."""
        once = {key: _once(collected) for key, collected in self._collected.items() if collected.rows}
        for key, (inputs, labels) in once.items():
            site = self._session.recorder.site(key)
            if site is None:
                continue
            found = relation([inputs], labels, self._collected[key].values)
            if found is not None:
                # Some of the columns are no table: whether one is the label only whole arrays tell.
                site = self._say(site, relation={**found, "copies": []})
            if site.phase != "eval" or self._collected[key].values:
                continue
            for other, known in once.items():
                trained = self._session.recorder.site(other)
                if trained is None or trained.phase != "train" or trained.subject != site.subject:
                    continue
                renamed = renaming(known, (inputs, labels))
                if renamed is not None:
                    site = self._say(site, renaming=renamed)

    def _say(self, site: Site, **attributes: Any) -> Site:
        """Record more attributes of a site."""
        site = dataclasses.replace(site, attributes={**site.attributes, **attributes})
        self._session.recorder.describe(site)
        return site


def _once(collected: _Collected) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and labels without repeated rows: a row of several epochs would be its own nearest neighbour."""
    widths = [(one.shape[1], other.shape[1]) for one, other in zip(collected.inputs, collected.labels)]
    # A loop over time may be fed in several ways: those batches that are most alike.
    usual = max(set(widths), key=widths.count)
    chosen = [number for number, width in enumerate(widths) if width == usual]
    inputs = np.concatenate([collected.inputs[number] for number in chosen])
    labels = np.concatenate([collected.labels[number] for number in chosen])
    _, once = np.unique(np.hstack([inputs, labels]), axis=0, return_index=True)
    once.sort()
    return inputs[once], labels[once]


@dataclass(frozen=True)
class PairTap:
    """The inputs and labels of a forward pass.

    Attributes:
        book: where rows are kept.
        site: of kind "rows".
        inputs, label: keys of the tensors, of which every row is an example.
        widths: values of a row that are kept, for each of the inputs.
        label_width: values of a row of the label.
        step: every such value of a row is kept.
        cut: rows may have any number of values: they are cut, or filled up with zeros.
    """

    book: PairBook
    site: str
    inputs: tuple[Key, ...]
    label: Key
    widths: tuple[int, ...]
    label_width: int
    step: int
    cut: bool = False

    @property
    def size(self) -> int:
        """Numbers that `in_graph` makes."""
        return 1 + BATCH_ROWS * (sum(self.widths) + self.label_width)

    def of_arrays(self, arrays: Sequence[np.ndarray | None]) -> None:
        """Keep rows of an eager batch: inputs, and then the label."""
        values = [one for one in arrays if one is not None and one.dtype.kind in "fiub" and one.ndim]
        counts = {len(one) for one in values}
        if len(values) != len(self.inputs) + 1 or len(counts) != 1:
            return
        rows = min(BATCH_ROWS, counts.pop())
        values = [spaced(one, BATCH_ROWS) for one in values]
        parts = [one.reshape(rows, -1)[:, :: self.step] for one in values[:-1]]
        if self.cut:
            parts = [np.pad(one[:, :width], ((0, 0), (0, max(0, width - one.shape[1]))))
                     for one, width in zip(parts, self.widths)]  # fmt: skip
        self.book.keep(
            self.site,
            np.concatenate(parts, axis=1).astype(np.float32),
            values[-1].reshape(rows, -1).astype(np.float32),
        )

    def in_graph(self, tensors: dict[Key, tf.Tensor]) -> tf.Tensor:
        """Shape (size,), float32: what `of_row` takes."""
        parts = [self._values(tensors[key], width) for key, width in zip(self.inputs, self.widths)]
        parts.append(tf.reshape(spaced(tensors[self.label], BATCH_ROWS), [-1, self.label_width]))
        rows = tf.reduce_min(tf.stack([tf.shape(part)[0] for part in parts]))
        table = tf.concat([tf.cast(part[:rows], tf.float32) for part in parts], 1)
        same = tf.reduce_all(tf.equal(tf.stack([tf.shape(part)[0] for part in parts]), rows))
        padded = tf.pad(table, [[0, BATCH_ROWS - rows], [0, 0]])
        count = tf.where(same, tf.cast(rows, tf.float32), 0.0)
        return tf.ensure_shape(tf.concat([[count], tf.reshape(padded, [-1])], 0), [self.size])

    def _values(self, tensor: tf.Tensor, width: int) -> tf.Tensor:
        """Shape (rows, width)."""
        rows = spaced(tensor, BATCH_ROWS)
        if not self.cut:
            return tf.reshape(rows, [-1, tensor.shape[1:].num_elements() or 1])[:, :: self.step]
        shape = tf.shape(rows)
        flat = tf.reshape(rows, tf.stack([shape[0], tf.reduce_prod(shape[1:])]))
        kept = flat[:, :: self.step][:, :width]
        return tf.ensure_shape(tf.pad(kept, [[0, 0], [0, width - tf.shape(kept)[1]]]), [None, width])

    def of_row(self, step: int, row: np.ndarray) -> list[Any]:
        """Keep what a graph left; there is nothing to observe at this step."""
        rows = int(row[0])
        table = row[1:].reshape(BATCH_ROWS, -1)[:rows]
        self.book.keep(self.site, table[:, : -self.label_width].copy(), table[:, -self.label_width :].copy())
        return []
