import numpy as np
import tensorflow as tf


class QuantNet(tf.Module):
    """x -> (q10, q50, q90); the upper and lower one are built as offsets from the median."""

    def __init__(self, n_in, width, seed):
        super().__init__()
        g = np.random.default_rng(seed)
        mk = lambda a, b: tf.Variable(g.normal(0, np.sqrt(2.0 / a), (a, b)), dtype=tf.float32)
        self.w1, self.b1 = mk(n_in, width), tf.Variable(tf.zeros([width]))
        self.w2, self.b2 = mk(width, width), tf.Variable(tf.zeros([width]))
        self.w3, self.b3 = mk(width, 3), tf.Variable(tf.zeros([3]))

    def __call__(self, x):
        h = tf.nn.relu(x @ self.w1 + self.b1)
        h = tf.nn.relu(h @ self.w2 + self.b2)
        o = h @ self.w3 + self.b3
        mid = o[:, 1]
        return tf.stack([mid - tf.nn.softplus(o[:, 0]), mid, mid + tf.nn.softplus(o[:, 2])], axis=1)


def pinball(y, q, levels):
    e = y[:, None] - q
    return tf.reduce_mean(tf.reduce_sum(tf.maximum(levels * e, (levels - 1.0) * e), axis=1))


class Adam:
    def __init__(self, params, lr, b1=0.9, b2=0.999):
        self.params, self.lr, self.b1, self.b2 = list(params), lr, b1, b2
        self.m = [tf.Variable(tf.zeros_like(p), trainable=False) for p in self.params]
        self.v = [tf.Variable(tf.zeros_like(p), trainable=False) for p in self.params]
        self.t = tf.Variable(0.0, trainable=False)

    def apply(self, grads):
        self.t.assign_add(1.0)
        step = self.lr * tf.sqrt(1.0 - self.b2 ** self.t) / (1.0 - self.b1 ** self.t)
        for p, m, v, g in zip(self.params, self.m, self.v, grads):
            m.assign(self.b1 * m + (1 - self.b1) * g)
            v.assign(self.b2 * v + (1 - self.b2) * tf.square(g))
            p.assign_sub(step * m / (tf.sqrt(v) + 1e-8))
