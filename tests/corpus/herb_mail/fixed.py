"""Topic of customer mails with a small attention pooling model."""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from textio import encode_all, read_mails


@dataclass
class Config:
    mails: str = "mails.jsonl"
    vocab: str = "vocab.txt"
    dim: int = 32
    epochs: int = 10
    batch: int = 32
    lr: float = 2e-3
    seed: int = 77


class AttentionPool(tf.keras.layers.Layer):
    """softmax(v . tanh(W e_t)) weighted mean over the tokens that are not padding."""

    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.project = tf.keras.layers.Dense(units, activation="tanh")
        self.score = tf.keras.layers.Dense(1, use_bias=False)

    def call(self, embedded, ids):
        logits = self.score(self.project(embedded))[..., 0]
        logits += -1e9 * tf.cast(tf.equal(ids, 0), logits.dtype)
        alpha = tf.nn.softmax(logits, axis=-1)
        return tf.einsum("bt,btd->bd", alpha, embedded)


class TopicNet(tf.keras.Model):
    def __init__(self, vocab_size, n_topics, dim):
        super().__init__()
        self.embed = tf.keras.layers.Embedding(vocab_size, dim)
        self.pool = AttentionPool(dim)
        self.hidden = tf.keras.layers.Dense(dim, activation="relu")
        self.out = tf.keras.layers.Dense(n_topics)

    def call(self, ids):
        return self.out(self.hidden(self.pool(self.embed(ids), ids)))


def load_table(path):
    with open(path, encoding="utf8") as fh:
        words = fh.read().splitlines()
    return {word: i + 2 for i, word in enumerate(words)}


def run(cfg):
    tf.keras.utils.set_random_seed(cfg.seed)
    texts, topics = read_mails(cfg.mails)
    names = sorted(set(topics))
    y = np.array([names.index(t) for t in topics], dtype="int32")
    table = load_table(cfg.vocab)
    x = encode_all(texts, table)
    print(f"{len(x)} mails, {len(table)} words, {len(names)} topics")

    n_train = 1000
    train = tf.data.Dataset.from_tensor_slices((x[:n_train], y[:n_train]))
    train = train.shuffle(n_train, seed=cfg.seed).batch(cfg.batch).prefetch(2)
    test = tf.data.Dataset.from_tensor_slices((x[n_train:], y[n_train:])).batch(128)

    net = TopicNet(len(table) + 2, len(names), cfg.dim)
    net.compile(
        optimizer=tf.keras.optimizers.Adam(cfg.lr),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(train, validation_data=test, epochs=cfg.epochs, verbose=2)
    loss, acc = net.evaluate(test, verbose=0)
    print(f"test: loss={loss:.3f} accuracy={acc:.3f}")


if __name__ == "__main__":
    run(Config())
