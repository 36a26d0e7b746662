"""Density of 10-minute mean winds (u, v) at a met mast as a RealNVP flow."""
import math
from pathlib import Path

import numpy as np
import tensorflow as tf

DIM, BLOCKS, WIDTH, BATCH, STEPS = 2, 8, 32, 200, 1200


class Coupling(tf.Module):
    def __init__(self, mask, rng):
        super().__init__()
        self.mask = tf.constant(mask, tf.float32)
        glorot = lambda i, o: rng.normal(0, math.sqrt(2 / (i + o)), (i, o)).astype("float32")
        self.k1, self.c1 = tf.Variable(glorot(DIM, WIDTH)), tf.Variable(tf.zeros(WIDTH))
        self.k2, self.c2 = tf.Variable(glorot(WIDTH, WIDTH)), tf.Variable(tf.zeros(WIDTH))
        self.k3, self.c3 = tf.Variable(0.1 * glorot(WIDTH, 2 * DIM)), tf.Variable(tf.zeros(2 * DIM))

    def scale_shift(self, kept):
        h = tf.nn.leaky_relu(kept @ self.k1 + self.c1)
        h = tf.nn.leaky_relu(h @ self.k2 + self.c2)
        s, t = tf.split(h @ self.k3 + self.c3, 2, axis=-1)
        free = 1.0 - self.mask
        return 1.5 * tf.tanh(s) * free, t * free

    def to_latent(self, x):
        s, t = self.scale_shift(x * self.mask)
        return x * tf.exp(s) + t, s

    def to_data(self, z):
        s, t = self.scale_shift(z * self.mask)
        return (z - t) * tf.exp(-s)


class Flow(tf.Module):
    def __init__(self, seed):
        super().__init__()
        rng = np.random.default_rng(seed)
        self.blocks = [Coupling([b % 2, (b + 1) % 2], rng) for b in range(BLOCKS)]

    def log_prob(self, x):
        z, volume = x, 0.0
        for b in self.blocks:
            z, s = b.to_latent(z)
            volume += tf.reduce_sum(s, axis=-1)
        base = -0.5 * tf.reduce_sum(z ** 2, axis=-1) - 0.5 * DIM * math.log(2 * math.pi)
        return base + volume

    def sample(self, n, seed):
        z = tf.random.stateless_normal((n, DIM), [seed, 0])
        for b in reversed(self.blocks):
            z = b.to_data(z)
        return z


def energy_distance(a, b):
    d = lambda p, q: np.sqrt(((p[:, None] - q[None]) ** 2).sum(-1)).mean()
    return 2 * d(a, b) - d(a, a) - d(b, b)


here = Path(__file__).parent
winds = np.loadtxt(here / "mast_winds.csv", delimiter=",", skiprows=1, dtype="float32")
perm = np.random.default_rng(1).permutation(len(winds))
train, test = winds[perm[:1800]], winds[perm[1800:]]
m, s = train.mean(0), train.std(0)
batches = iter(tf.data.Dataset.from_tensor_slices((train - m) / s).shuffle(1800, seed=2).repeat().batch(BATCH))

flow = Flow(seed=5)
params = flow.trainable_variables
first = [tf.Variable(tf.zeros_like(p), trainable=False) for p in params]
second = [tf.Variable(tf.zeros_like(p), trainable=False) for p in params]


@tf.function
def adam_step(x, k, lr):
    with tf.GradientTape() as tape:
        nll = -tf.reduce_mean(flow.log_prob(x))
    grads, norm = tf.clip_by_global_norm(tape.gradient(nll, params), 3.0)
    for p, a, b, g in zip(params, first, second, grads):
        a.assign(0.9 * a + 0.1 * g)
        b.assign(0.999 * b + 0.001 * g * g)
        p.assign_sub(lr * (a / (1 - 0.9 ** k)) / (tf.sqrt(b / (1 - 0.999 ** k)) + 1e-7))
    return nll, norm


for k in range(1, STEPS + 1):
    rate = 3e-3 * (0.5 + 0.5 * math.cos(math.pi * k / STEPS))
    nll, norm = adam_step(next(batches), tf.constant(float(k)), tf.constant(rate))
    if k % 200 == 0:
        print(f"{k:5d}  nll {float(nll):9.4f}  gradient norm {float(norm):.3f}")

drawn = flow.sample(600, seed=9).numpy() * s + m
speed = lambda w: np.hypot(w[:, 0], w[:, 1])
print(f"mean speed      mast {speed(test).mean():.2f}   flow {speed(drawn).mean():.2f} m/s")
print(f"10/90% speed    mast {np.quantile(speed(test), [.1, .9]).round(2)}   flow {np.quantile(speed(drawn), [.1, .9]).round(2)}")
print(f"energy distance between drawn and held-out winds: {energy_distance(drawn, test):.4f}")
