"""Hashes of the rows of batches: the twin, in a graph, of `doctor/capture/rowhash.py`."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np
import tensorflow as tf

from doctor.capture import rowhash
from doctor.capture.session import Session
from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.columns import JOINING, ColumnNames
from doctor.capture.tensorflow.hand_fed import HandFed
from doctor.capture.tensorflow.trace import DATA, Key, Trace
from doctor.types import RowObservation, Site

if TYPE_CHECKING:
    from doctor.capture.tensorflow.look import Look
    from doctor.capture.tensorflow.network import Network
    from doctor.capture.tensorflow.subjects import Subject

#: Rows of one batch that are hashed, and values in all.
MAX_ROWS = 64
MAX_VALUES = 1 << 19
#: Values of a row that are hashed where a graph does not know how many there are, as in sequences of any length.
WIDEST = MAX_VALUES // MAX_ROWS
#: Tensors whose rows make one row together.
MAX_TENSORS = 64
#: Batches of one subject and phase that are kept: 2.5 kB each.
MAX_BATCHES = 1000
#: Traced functions, by width of a row and rows.
_functions: dict[tuple[int | None, int], Any] = {}
#: Numbers that a graph leaves for a row: four quarters of the hash, and whether it is blank.
_PER_ROW = 5


@dataclass(frozen=True)
class RowTap:
    """The tensors of one forward pass whose rows are hashed.

    Attributes:
        site: of kind "rows".
        inputs, labels: keys of the tensors; all have the rows of the batch as their first axis.
        widths: values of a row, for inputs and then labels; None where that differs between batches.
        rows: hash so many rows of a batch, evenly spaced.
    """

    book: RowBook
    site: str
    inputs: tuple[Key, ...]
    labels: tuple[Key, ...]
    widths: tuple[int | None, ...]
    rows: int

    @property
    def size(self) -> int:
        """Numbers that `in_graph` makes."""
        return len(self.widths) * (1 + _PER_ROW * self.rows)

    def of_arrays(self, step: int, arrays: Sequence[np.ndarray | None]) -> list[RowObservation]:
        """The observation of an eager batch: `inputs` and then `labels`."""
        if any(array is None or not rowhash.hashable(array) for array in arrays):
            return []
        counts = [len(array) for array in arrays if array is not None]
        parts = [rowhash.halves(spaced(one, self.rows)) for one in arrays if one is not None]
        return self._observation(step, counts, parts)

    def in_graph(self, tensors: dict[Key, tf.Tensor]) -> tf.Tensor:
        """Shape (size,), float32: what `of_row` takes."""
        parts = []
        for key, width in zip((*self.inputs, *self.labels), self.widths):
            tensor = tensors[key] if width is not None else _narrow(tensors[key])
            parts.append(tf.cast(tf.shape(tensor)[:1], tf.float32))
            parts.append(tf.reshape(_quarters(tensor, width, self.rows), [-1]))
        return tf.concat(parts, 0)

    def of_row(self, step: int, row: np.ndarray) -> list[RowObservation]:
        """The observation of what a graph left."""
        counts, halves = [], []
        for part in row.reshape(len(self.widths), -1):
            counts.append(int(part[0]))
            numbers = part[1:].reshape(self.rows, _PER_ROW).astype(np.int64)[: counts[-1]]
            low = (numbers[:, 0] << 16 | numbers[:, 1]).astype(np.uint32).view(np.int32)
            high = (numbers[:, 2] << 16 | numbers[:, 3]).astype(np.uint32).view(np.int32)
            halves.append((low, high, numbers[:, 4] != 0))
        return self._observation(step, counts, halves)

    def _observation(
        self, step: int, counts: list[int], halves: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]
    ) -> list[RowObservation]:
        if not self.book.has_room(self.site):
            return []
        number = len(self.inputs)
        if len(set(counts[:number])) != 1 or not counts[0]:
            return []
        inputs = rowhash.combined([low for low, _, _ in halves[:number]], [high for _, high, _ in halves[:number]])
        both = np.zeros(len(inputs), np.uint64)
        if self.labels and set(counts) == {counts[0]}:
            labels = halves[number:]
            both = rowhash.paired(inputs, rowhash.combined([low for low, _, _ in labels], [one[1] for one in labels]))
        blank = np.logical_and.reduce([one for _, _, one in halves[:number]])
        positions = spaced(np.arange(counts[0]), self.rows)
        found = RowObservation(step, self.site, positions, inputs, both, blank)
        widths = [one for one in self.widths if one is not None]
        if number == 1 and len(self.labels) <= 1 and len(widths) == len(self.widths):
            self.book.hand_fed(self.site, (widths[0], sum(widths[1:])), counts[0], found)
        return [found]


class RowBook:
    """Describes what rows are hashed, and counts what is kept of them.

    Args:
        session: the watched run.
        columns: knows the names of inputs.
    """

    def __init__(self, session: Session, columns: ColumnNames) -> None:
        self.session = session
        self.columns = columns
        self.hand_fed = session.guarded("arrays of batches")(HandFed(session, columns).seen)
        self._kept: dict[str, int] = {}

    def has_room(self, site: str) -> bool:
        """Whether one more batch is kept; asked once for each."""
        self._kept[site] = self._kept.get(site, 0) + 1
        return self._kept[site] <= MAX_BATCHES

    def tap(
        self, subject: Subject, trace: Trace, network: Network, look: Look, phase: str, prefix: str
    ) -> RowTap | None:
        """Describe the rows of a forward pass; None where they cannot be hashed."""
        pieces = [piece for key in network.inputs[:8] for piece in _pieces(trace, key, look)]
        pieces += [key for key in network.beside[:4] if key not in pieces]
        inputs = tuple(self.columns.in_order(pieces, look))
        labels = tuple(dict.fromkeys(head.label for head in network.heads[:8] if head.label is not None))
        batches = {(look.shape(key) or (None,))[0] for key in inputs}
        hashable = all(_hashable(look, key) for key in (*inputs, *labels))
        if not inputs or len(inputs) > MAX_TENSORS or len(batches) != 1 or not hashable:
            return None
        widths = [_width(look, key) for key in (*inputs, *labels)]
        known = [one for one in widths if one is not None]
        if sum(known) > MAX_VALUES:
            return None
        rows = min(MAX_ROWS, MAX_VALUES // max(sum(known), 1))
        whole = [one for one in widths[: len(inputs)] if one is not None]
        site = Site(
            key=f"{prefix}rows:{subject.number}",
            kind="rows",
            name="rows of the batches",
            subject=subject.key,
            phase=phase,
            location=subject.location,
            attributes={
                "of": "batches",
                "width": sum(whole) if len(whole) == len(inputs) else None,
                "labels": bool(labels),
                "most_rows": rows,
            },
        )
        self.session.recorder.describe(site)
        return RowTap(self, site.key, inputs, labels, tuple(widths), rows)


def _pieces(trace: Trace, key: Key, look: Look) -> list[Key]:
    """What was given to the script's own joining of columns, or the one tensor that was given."""
    given = _given(trace, key, look)
    node = trace.producer.get(given)
    if node is None or node.op not in JOINING:
        return [given]
    pieces = [_given(trace, one, look) for one in node.inputs if trace.flag(one) & DATA]
    shape = look.shape(given)
    alike = all((look.shape(one) or (0,))[0] == shape[0] for one in pieces) if shape else False
    return pieces if alike and len(set(pieces)) == len(pieces) else [given]


def _given(trace: Trace, key: Key, look: Look, depth: int = 6) -> Key:
    """The data as it was given, before the script scaled, reshaped or jittered it, row by row."""
    shape = look.shape(key)
    for _ in range(64):
        node = trace.producer.get(key)
        if node is None or not shape or node.op in ops.SOURCES or node.op in ops.PICKING:
            return key
        # A mean or a spread that is subtracted or divided by is data too, but no row of the batch.
        data = [one for one in node.inputs if trace.flag(one) & DATA and (look.shape(one) or (0,))[0] == shape[0]]
        if len(data) > 1 and depth and node.op not in JOINING:
            # A picture or its mirror image, at random: both are made of the same.
            data = list({_given(trace, one, look, depth - 1) for one in data})
        if len(data) != 1 or look.dtype(data[0]) in ("string", "variant", "resource"):
            return key
        key = data[0]
    return key


def _hashable(look: Look, key: Key) -> bool:
    """Whether a tensor has rows of numbers."""
    shape = look.shape(key)
    return bool(shape) and 0 not in (shape or ())[1:] and look.dtype(key) not in ("string", "variant", "resource")


def _width(look: Look, key: Key) -> int | None:
    """Values of a row, None where the graph does not know it."""
    known = [size for size in (look.shape(key) or ())[1:] if size is not None]
    return math.prod(known) if len(known) == len(look.shape(key) or ()) - 1 else None


def spaced(batch: Any, rows: int) -> Any:
    """So many rows of an array or a tensor, evenly spaced: the first ones may be all alike, as those of one moment."""
    count = batch.shape[0]
    if count is not None:
        return batch[:: max(1, count // rows)][:rows]
    return batch[:: tf.maximum(1, tf.shape(batch)[0] // rows)][:rows]


def _narrow(tensor: tf.Tensor) -> tf.Tensor:
    """Shape (batch, width), or no rows where they are wider than `WIDEST`."""
    width = tf.reduce_prod(tf.shape(tensor)[1:])
    rows = tf.where((width > 0) & (width <= WIDEST), tf.shape(tensor)[0], 0)
    return tf.reshape(tensor[:rows], tf.stack([rows, width]))[:, :WIDEST]


def _quarters(tensor: tf.Tensor, width: int | None, rows: int) -> tf.Tensor:
    """Shape (rows, _PER_ROW), float32; zeros where the batch has fewer rows."""
    if (width, rows) not in _functions:
        # Traced once for all graphs: it takes as long as the statistics of several tensors.
        with tf.init_scope():
            _functions[width, rows] = tf.function(
                functools.partial(_measured, rows=rows),
                input_signature=[tf.TensorSpec([None, width], tf.float32)],
                autograph=False,
                experimental_attributes={"_noinline": True},
            ).get_concrete_function()
    matrix = tf.cast(spaced(tensor, rows), tf.float32)
    return _functions[width, rows](matrix if width is None else tf.reshape(matrix, [-1, width]))


def _measured(matrix: tf.Tensor, rows: int) -> tf.Tensor:
    bits = tf.bitcast(matrix, tf.int32)
    magnitude = tf.bitwise.bitwise_and(bits, rowhash.MAGNITUDE)
    bits = tf.where(tf.equal(magnitude, 0), 0, bits)
    bits = tf.where(magnitude > rowhash.INFINITE, rowhash.NAN, bits)
    blank = tf.reduce_all(tf.equal(bits, bits[:, :1]), axis=1)
    known: int | None = matrix.shape[1]
    if known is not None:
        step: Any = rowhash.stride(known)
        low_factors: Any = rowhash.factors(-(-known // step), rowhash.LOW_SEED)
        high_factors: Any = rowhash.factors(known, rowhash.HIGH_SEED)
        lone: Any = known == 1
    else:
        width = tf.shape(matrix)[1]
        step = tf.maximum(1, width // rowhash.LOOKS)
        low_factors = tf.constant(rowhash.factors(2 * rowhash.LOOKS, rowhash.LOW_SEED))[: -(-width // step)]
        high_factors = tf.constant(rowhash.factors(WIDEST, rowhash.HIGH_SEED))[:width]
        lone = tf.equal(width, 1)
    # A row of one value is blank where that is zero.
    blank &= tf.logical_not(lone) | tf.reduce_all(tf.equal(bits[:, :1], 0), axis=1)
    low = _sums(bits[:, ::step], low_factors)
    high = _sums(bits, high_factors)
    # Halves of 32 bits do not fit a float32, but quarters of 16 do.
    numbers: list[Any] = []
    for half in (low, high):
        numbers += [tf.bitwise.bitwise_and(tf.bitwise.right_shift(half, 16), 0xFFFF)]
        numbers += [tf.bitwise.bitwise_and(half, 0xFFFF)]
    found = tf.stack([*(tf.cast(one, tf.float32) for one in numbers), tf.cast(blank, tf.float32)], axis=1)
    padded = tf.pad(found, [[0, rows - tf.shape(found)[0]], [0, 0]])
    return tf.ensure_shape(padded, [rows, _PER_ROW])


def _sums(bits: tf.Tensor, factor: Any) -> tf.Tensor:
    """Shape (rows,), for factors of shape (values of a row,)."""
    shift = tf.bitwise.right_shift
    mixed = tf.bitwise.bitwise_xor(bits, shift(bits, 15)) * tf.convert_to_tensor(factor)
    mixed = tf.bitwise.bitwise_xor(mixed, shift(mixed, 16))
    return tf.reduce_sum(mixed, axis=1)
