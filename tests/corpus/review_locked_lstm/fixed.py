from __future__ import annotations

import csv
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

# AWD-LSTM-like sentiment model: the same channels are dropped at all time steps.


@dataclass
class Hyper:
    max_len: int = 36
    emb: int = 24
    rnn: int = 32
    drop_emb: float = 0.05
    drop_rnn: float = 0.1
    lr: float = 4e-3
    batch: int = 64
    epochs: int = 8


class LockedDropout(tf.keras.layers.Layer):
    """Variational dropout: one mask per review and channel, shared by all words."""

    def __init__(self, p: float, **kwargs):
        super().__init__(**kwargs)
        self.p = p

    def call(self, x, training=False):
        if not training:
            return x
        shape = (tf.shape(x)[0], 1, x.shape[-1])
        return tf.nn.dropout(x, self.p, noise_shape=shape)


def load(path: Path):
    with path.open(newline="") as f:
        rows = list(csv.DictReader(f))
    random.Random(4).shuffle(rows)
    texts = [re.findall(r"[a-z]+", r["review"].lower()) for r in rows]
    labels = np.array([int(r["label"]) for r in rows], dtype="float32")
    return texts, labels


def encode(texts, vocab, max_len):
    ids = np.zeros((len(texts), max_len), dtype="int32")
    for i, words in enumerate(texts):
        seq = [vocab.get(w, 1) for w in words][:max_len]
        ids[i, :len(seq)] = seq
    return ids


def build(n_words: int, hp: Hyper) -> tf.keras.Model:
    words = tf.keras.Input((hp.max_len,), dtype="int32")
    h = tf.keras.layers.Embedding(n_words, hp.emb)(words)
    h = LockedDropout(hp.drop_emb)(h)
    h = tf.keras.layers.Conv1D(hp.rnn, 3, padding="same", activation="relu")(h)
    h = LockedDropout(hp.drop_rnn)(h)
    h = tf.keras.layers.LSTM(hp.rnn, return_sequences=True)(h)
    h = LockedDropout(hp.drop_rnn)(h)
    h = tf.keras.layers.GlobalAveragePooling1D()(h)
    return tf.keras.Model(words, tf.keras.layers.Dense(1)(h))


def main() -> None:
    hp = Hyper()
    tf.keras.utils.set_random_seed(31)
    texts, labels = load(Path(__file__).parent / "reviews.csv")
    n_test = 300
    counts = Counter(w for t in texts[n_test:] for w in t)
    vocab = {w: i + 2 for i, (w, _) in enumerate(counts.most_common())}
    ids = encode(texts, vocab, hp.max_len)

    model = build(len(vocab) + 2, hp)
    model.compile(
        optimizer=tf.keras.optimizers.Adam(hp.lr),
        loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
    )
    model.fit(ids[n_test:], labels[n_test:], batch_size=hp.batch, epochs=hp.epochs,
              validation_split=0.15, verbose=2)
    loss, acc = model.evaluate(ids[:n_test], labels[:n_test], verbose=0)
    print(f"test loss {loss:.3f}  test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
