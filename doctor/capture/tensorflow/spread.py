"""How far outputs of many values differ from row to row, beside what they are compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from doctor.capture.tensorflow.head import Head
from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.trace import Key
from doctor.types import VectorObservation


@dataclass(frozen=True)
class SpreadTap:
    """Outputs and labels (batch, ..., units) with as many values for a row, which are several.

    Attributes:
        site: of the output.
        output, label: the tensors.
        logits: whether a sigmoid of the output is what is compared.
    """

    site: str
    output: Key
    label: Key
    logits: bool

    def of_arrays(self, step: int, output: np.ndarray | None, label: np.ndarray | None) -> list[Any]:
        """What was seen of an eager step."""
        if output is None or label is None or label.dtype.kind not in "fiub" or not (label.size and output.size):
            return []
        output, label = (one.reshape(len(one), -1) for one in (output, label))
        if output.shape != label.shape:
            return []
        with np.errstate(all="ignore"):
            values = output.astype(np.float64)
            values = 1 / (1 + np.exp(-values)) if self.logits else values
            parts = [float(((one - one.mean(axis=0)) ** 2).sum()) for one in (values, label.astype(np.float64))]
        return self.of_row(step, np.array(parts))

    def in_graph(self, output: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        """Shape (2,), float32: what `of_row` takes."""
        values, wanted = (tf.cast(tf.reshape(one, [tf.shape(one)[0], -1]), tf.float32) for one in (output, label))
        values = tf.sigmoid(values) if self.logits else values
        return tf.stack([
            tf.reduce_sum(tf.square(one - tf.reduce_mean(one, axis=0, keepdims=True))) for one in (values, wanted)
        ])  # fmt: skip

    def of_row(self, step: int, row: np.ndarray) -> list[Any]:
        """[squared distances of outputs from their mean over the rows, the same of labels]."""
        known = np.isfinite(row).all() and row[1] > 0
        return [VectorObservation(step, self.site, "row_spread", row.astype(np.float64))] if known else []


def spread_tap(site: str, head: Head, encoding: str | None, look: Look) -> SpreadTap | None:
    """A tap, where outputs are compared with labels value by value and a row has several of them.

    A picture that is compared may be flat where the network puts it out.
    """
    if head.label is None or encoding not in ("continuous", "binary"):
        return None
    output, label = look.shape(head.output), look.shape(head.label)
    if output is None or label is None or len(output) < 2 or len(label) < 2:
        return None
    if len(output) != len(label):
        known = [size for shape in (output, label) for size in shape[1:]]
        if None in known or math.prod(output[1:]) != math.prod(label[1:]):  # type: ignore[arg-type]
            return None
        output, label = ((shape[0], math.prod(shape[1:])) for shape in (output, label))  # type: ignore[arg-type]
    if any(a != b and None not in (a, b) for a, b in zip(output, label)) or math.prod(n or 2 for n in label[1:]) < 2:
        return None
    return SpreadTap(site, head.output, head.label, encoding == "binary" and head.takes == "logits")
