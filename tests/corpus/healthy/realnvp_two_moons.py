"""Density estimation of the two-moons cloud with a stack of affine coupling layers."""
import argparse
import math

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

parser = argparse.ArgumentParser()
parser.add_argument("--layers", type=int, default=6)
parser.add_argument("--hidden", type=int, default=64)
parser.add_argument("--steps", type=int, default=1200)
parser.add_argument("--batch", type=int, default=256)
parser.add_argument("--seed", type=int, default=11)
args = parser.parse_args()
tf.keras.utils.set_random_seed(args.seed)


class AffineCoupling(tf.keras.layers.Layer):
    def __init__(self, hidden, flip, **kw):
        super().__init__(**kw)
        self.flip = flip
        self.net = tf.keras.Sequential([
            tf.keras.layers.Dense(hidden, activation="relu"),
            tf.keras.layers.Dense(hidden, activation="relu"),
            # the flow starts as the identity map
            tf.keras.layers.Dense(2, kernel_initializer="zeros"),
        ])

    def _split(self, x):
        a, b = x[:, :1], x[:, 1:]
        return (b, a) if self.flip else (a, b)

    def _join(self, a, b):
        return tf.concat([b, a] if self.flip else [a, b], axis=1)

    def _st(self, a):
        h = self.net(a)
        return 2.0 * tf.tanh(h[:, :1] / 2.0), h[:, 1:]

    def call(self, x):
        a, b = self._split(x)
        s, t = self._st(a)
        return self._join(a, b * tf.exp(s) + t), s[:, 0]

    def inverse(self, z):
        a, b = self._split(z)
        s, t = self._st(a)
        return self._join(a, (b - t) * tf.exp(-s))


class Flow(tf.keras.Model):
    def __init__(self, depth, hidden):
        super().__init__()
        self.couplings = [AffineCoupling(hidden, flip=bool(i % 2)) for i in range(depth)]

    def log_prob(self, x):
        logdet = tf.zeros(tf.shape(x)[0])
        for c in self.couplings:
            x, ld = c(x)
            logdet += ld
        base = -0.5 * tf.reduce_sum(x ** 2, axis=1) - math.log(2 * math.pi)
        return base + logdet

    def sample(self, n):
        z = tf.random.normal([n, 2])
        for c in reversed(self.couplings):
            z = c.inverse(z)
        return z


def cloud(n, seed):
    pts, _ = make_moons(n, noise=0.06, random_state=seed)
    return ((pts - [0.5, 0.25]) * 0.5).astype("float32")


x_train, x_test = cloud(8000, 0), cloud(2000, 1)
flow = Flow(args.layers, args.hidden)
flow.log_prob(x_train[:2])
schedule = tf.keras.optimizers.schedules.CosineDecay(2e-3, args.steps)
opt = tf.keras.optimizers.Adam(schedule, clipnorm=5.0)


@tf.function
def step(xb):
    with tf.GradientTape() as tape:
        nll = -tf.reduce_mean(flow.log_prob(xb))
    grads = tape.gradient(nll, flow.trainable_variables)
    opt.apply_gradients(zip(grads, flow.trainable_variables))
    return nll


rng = np.random.default_rng(args.seed)
running = []
for it in range(1, args.steps + 1):
    running.append(float(step(x_train[rng.integers(0, len(x_train), args.batch)])))
    if it % 150 == 0:
        test = -float(tf.reduce_mean(flow.log_prob(x_test)))
        print(f"{it:5d}  nll train {np.mean(running[-100:]):+.3f}  test {test:+.3f}")

cov = np.cov(x_train.T)
gauss = 0.5 * np.log(np.linalg.det(2 * np.pi * np.e * cov))
print(f"single Gaussian: {gauss:+.3f} nats, flow: {test:+.3f} nats")
s = flow.sample(2000).numpy()
d = np.sqrt(((s[:, None] - x_test[None, :]) ** 2).sum(-1)).min(1)
print(f"samples within 0.05 of a test point: {np.mean(d < 0.05):.1%}")
