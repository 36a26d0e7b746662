"""Slot tagger for support tickets (BIO tags), ported from the TF1 service.

The estimator was replaced by a tf.function loop, the network is unchanged.
"""
import dataclasses
import logging
import sys

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(name)s: %(message)s")
logger = logging.getLogger("slot_tagger")

TAGS = ["O", "B-PROD", "I-PROD", "B-DATE", "I-DATE"]


@dataclasses.dataclass
class HParams:
    vocab: int = 400
    embedding: int = 24
    filters: int = 48
    kernel: int = 3
    keep_prob: float = 0.9  # expect-or: dropout-too-high
    learning_rate: float = 3e-3
    batch: int = 32
    epochs: int = 8


def tickets(n, hp, length=20, seed=0):
    """Token ids 1..: 20 product openers, 40 product words, 15 date openers, 30 date words, rest other.

    Some of the product words are ordinary words outside of a product name."""
    rng = np.random.default_rng(seed)
    x = rng.integers(106, hp.vocab, (n, length))
    x = np.where(rng.random(x.shape) < 0.12, rng.integers(21, 61, x.shape), x)
    y = np.zeros((n, length), "int32")
    for i in range(n):
        for kind, (lo, mid, hi) in ((1, (1, 21, 61)), (3, (61, 76, 106))):
            start, size = rng.integers(0, length - 4), rng.integers(1, 5)
            x[i, start] = rng.integers(lo, mid)
            x[i, start + 1:start + size] = rng.integers(mid, hi, size - 1)
            y[i, start] = kind
            y[i, start + 1:start + size] = kind + 1
    return x.astype("int32"), y


class Tagger(tf.Module):
    def __init__(self, hp):
        super().__init__()
        self.hp = hp
        init = v1.glorot_uniform_initializer(seed=1)
        self.embedding = tf.Variable(tf.random.uniform([hp.vocab, hp.embedding], -0.1, 0.1), name="embedding")
        self.k1 = tf.Variable(init([hp.kernel, hp.embedding, hp.filters]), name="conv1/kernel")
        self.b1 = tf.Variable(tf.zeros([hp.filters]), name="conv1/bias")
        self.k2 = tf.Variable(init([hp.kernel, hp.filters, hp.filters]), name="conv2/kernel")
        self.b2 = tf.Variable(tf.zeros([hp.filters]), name="conv2/bias")
        self.w = tf.Variable(init([hp.filters, len(TAGS)]), name="softmax/w")
        self.b = tf.Variable(tf.zeros([len(TAGS)]), name="softmax/b")

    def _drop(self, h, is_training):
        return tf.nn.dropout(h, self.hp.keep_prob) if is_training else h  # expect: dropout-too-high

    def logits(self, ids, is_training):
        h = self._drop(tf.nn.embedding_lookup(self.embedding, ids), is_training)
        h = tf.nn.relu(tf.nn.conv1d(h, self.k1, 1, "SAME") + self.b1)
        h = self._drop(h, is_training)
        h = tf.nn.relu(tf.nn.conv1d(h, self.k2, 1, "SAME") + self.b2)
        h = self._drop(h, is_training)
        return tf.tensordot(h, self.w, 1) + self.b


def span_f1(pred, gold):
    tp = ((pred == gold) & (gold > 0)).sum()
    return 2 * tp / max((pred > 0).sum() + (gold > 0).sum(), 1)


def run(hp):
    tf.random.set_seed(2)
    train_x, train_y = tickets(1600, hp, seed=0)
    test_x, test_y = tickets(400, hp, seed=1)
    net = Tagger(hp)
    opt = tf.keras.optimizers.Adam(hp.learning_rate)
    opt.build(net.trainable_variables)

    @tf.function
    def train_epoch(ds):
        total, n = 0.0, 0.0
        for ids, tags in ds:
            with tf.GradientTape() as tape:
                xent = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tags, logits=net.logits(ids, True))
                loss = tf.reduce_mean(xent)
            opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
            total += loss
            n += 1.0
        return total / n

    ds = tf.data.Dataset.from_tensor_slices((train_x, train_y)).shuffle(1600, seed=3).batch(hp.batch, drop_remainder=True)
    f1 = 0.0
    for epoch in range(hp.epochs):
        loss = float(train_epoch(ds))
        f1 = span_f1(tf.argmax(net.logits(test_x, False), -1).numpy(), test_y)
        logger.info("epoch=%d loss=%.4f test_token_f1=%.4f", epoch, loss, f1)
    logger.info("done, test token F1 %.4f", f1)


if __name__ == "__main__":
    run(HParams())
