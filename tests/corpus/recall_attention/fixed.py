"""Associative recall with one hand-written attention head."""
import math
import numpy as np
import tensorflow as tf

KEYS, VALS, PAIRS, DIM = 12, 8, 6, 64
rng = np.random.default_rng(21)


def batch(n):
    ks = np.argsort(rng.random((n, KEYS)), 1)[:, :PAIRS]
    vs = rng.integers(0, VALS, (n, PAIRS))
    at = rng.integers(0, PAIRS, n)
    return ks.astype("int32"), vs.astype("int32"), ks[np.arange(n), at].astype("int32"), vs[np.arange(n), at].astype("int32")


class Recall(tf.Module):
    def __init__(self):
        g = tf.random.Generator.from_seed(5)
        n = lambda *s: tf.Variable(g.normal(s) / math.sqrt(s[0]))
        self.key_table = tf.Variable(g.normal((KEYS, DIM)))
        self.query_table = tf.Variable(g.normal((KEYS, DIM)))
        self.val_table = tf.Variable(g.normal((VALS, DIM)))
        self.wq, self.wk, self.wv, self.head = n(DIM, DIM), n(DIM, DIM), n(DIM, DIM), n(DIM, VALS)

    def __call__(self, k, v, q):
        query = tf.gather(self.query_table, q) @ self.wq
        keys = tf.gather(self.key_table, k) @ self.wk
        vals = tf.gather(self.val_table, v) @ self.wv
        score = tf.einsum("bd,bpd->bp", query, keys) / math.sqrt(DIM)
        weight = tf.nn.softmax(score)
        return tf.einsum("bp,bpd->bd", weight, vals) @ self.head


net = Recall()
opt = tf.keras.optimizers.Adam(3e-3)


@tf.function
def train(k, v, q, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, net(k, v, q)))
    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    return loss


for it in range(700):
    loss = train(*map(tf.constant, batch(64)))
    if it % 100 == 99:
        k, v, q, y = batch(1000)
        acc = np.mean(np.argmax(net(k, v, q), 1) == y)
        print(it + 1, float(loss), "recall", acc)
