"""How much of an attention's weight lies on padding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
import tensorflow as tf

from doctor.capture.tensorflow.look import Look
from doctor.capture.tensorflow.network import Network
from doctor.capture.tensorflow.trace import Key
from doctor.types import VectorObservation

#: Softmaxes of one forward pass that are looked at.
MOST = 4


@dataclass(frozen=True)
class AttentionTap:
    """The weights of an attention over tokens.

    Attributes:
        site: of the softmax, of kind "activation".
        weights: of shape (batch, ..., tokens).
        tokens: whole numbers of shape (batch, tokens), 0 where there is padding.
    """

    site: str
    weights: Key
    tokens: Key

    def of_arrays(self, step: int, weights: np.ndarray | None, tokens: np.ndarray | None) -> list[Any]:
        """What was seen of an eager step."""
        if weights is None or tokens is None or len(weights) != len(tokens) or not weights.size:
            return []
        blank = tokens == 0
        both = blank.any(axis=1) & ~blank.all(axis=1)  # a mask that hides everything hides nothing
        kept, hidden = weights[both], blank[both].reshape(int(both.sum()), *(1,) * (weights.ndim - 2), -1)
        total = float(kept.sum())
        part = float((kept * hidden).sum()) / total if total > 0 else 0.0
        return self._observed(step, part, float(blank.mean()))

    def in_graph(self, weights: tf.Tensor, tokens: tf.Tensor) -> tf.Tensor:
        """Shape (2,), float32: what `of_row` takes."""
        values = tf.cast(weights, tf.float32)
        same = tf.equal(tf.shape(values)[0], tf.shape(tokens)[0])
        # Of a batch that is not the tokens' own nothing is said.
        rows = tf.minimum(tf.shape(values)[0], tf.shape(tokens)[0])
        blank = tf.equal(tokens[:rows], 0)
        both = tf.reduce_any(blank, 1) & ~tf.reduce_all(blank, 1)
        hidden, counted = tf.cast(blank, tf.float32), tf.cast(both[:, None], tf.float32)
        for _ in range(len(values.shape) - 2):
            hidden, counted = tf.expand_dims(hidden, 1), tf.expand_dims(counted, 1)
        kept = values[:rows] * counted
        part = tf.math.divide_no_nan(tf.reduce_sum(kept * hidden), tf.reduce_sum(kept))
        return tf.where(same, tf.stack([part, tf.reduce_mean(tf.cast(blank, tf.float32))]), tf.constant([-1.0, -1.0]))

    def of_row(self, step: int, row: np.ndarray) -> list[Any]:
        """What a graph left."""
        return self._observed(step, float(row[0]), float(row[1])) if row[0] >= 0 else []

    def _observed(self, step: int, part: float, padding: float) -> list[Any]:
        return [VectorObservation(step, self.site, "padding", np.array([part, padding]))]


def attention_taps(network: Network, look: Look, site_of: Callable[[Key], str | None]) -> list[AttentionTap]:
    """Taps of the softmaxes over as many places as a sequence of tokens has that the network is fed."""
    sequences = {
        shape[1]: key
        for key in network.inputs
        if look.dtype(key).startswith(("int", "uint"))
        and (shape := look.shape(key)) is not None and len(shape) == 2 and (shape[1] or 0) > 1
    }  # fmt: skip
    found = []
    for activation in network.activations if sequences else ():
        shape = look.shape(activation.tensor) if activation.function == "softmax" else None
        site = site_of(activation.tensor)
        if shape is not None and len(shape) >= 2 and shape[-1] in sequences and site is not None:
            found.append(AttentionTap(site, activation.tensor, sequences[shape[-1]]))
    return found[:MOST]
