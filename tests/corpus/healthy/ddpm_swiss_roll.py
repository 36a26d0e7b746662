#!/usr/bin/env python
"""Denoising diffusion on a 2-D swiss roll (epsilon prediction, cosine schedule, averaged weights)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_swiss_roll

T_STEPS = 60
BATCH = 256
ITERS = 1800
EMA = 0.995

tf.keras.utils.set_random_seed(1234)


def roll(n, seed):
    p, _ = make_swiss_roll(n, noise=0.3, random_state=seed)
    return (p[:, [0, 2]] / 7.5).astype("float32")


data, held_out = roll(20000, 0), roll(1500, 1)

s = np.arange(T_STEPS + 1) / T_STEPS
f = np.cos((s + 0.008) / 1.008 * np.pi / 2) ** 2
alpha_bar = np.clip(f[1:] / f[0], 1e-4, None).astype("float32")
alpha = (alpha_bar / np.concatenate([[1.0], alpha_bar[:-1]])).astype("float32")
AB = tf.constant(alpha_bar)


def time_features(t):
    u = tf.cast(t, tf.float32)[:, None] / T_STEPS
    freqs = 2.0 ** tf.range(0.0, 5.0)[None]
    return tf.concat([tf.sin(np.pi * u * freqs), tf.cos(np.pi * u * freqs)], axis=1)


class Denoiser(tf.keras.Model):
    def __init__(self, width=96):
        super().__init__()
        self.inp = tf.keras.layers.Dense(width)
        self.temb = tf.keras.layers.Dense(width)
        self.mid = [tf.keras.layers.Dense(width, activation="silu") for _ in range(2)]
        self.out = tf.keras.layers.Dense(2, kernel_initializer="zeros", bias_initializer="zeros")

    def call(self, x, t):
        h = tf.nn.silu(self.inp(tf.concat([x, tf.sin(4.0 * x), tf.cos(4.0 * x)], axis=1)) + self.temb(time_features(t)))
        for layer in self.mid:
            h = h + layer(h)
        return self.out(h)


net, ema = Denoiser(), Denoiser()
for m in (net, ema):
    m(tf.zeros([1, 2]), tf.zeros([1], tf.int32))
ema.set_weights(net.get_weights())
optimizer = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(2e-3, ITERS, alpha=0.05))


@tf.function
def train_step(x0):
    n = tf.shape(x0)[0]
    t = tf.random.uniform([n], 0, T_STEPS, dtype=tf.int32)
    a = tf.gather(AB, t)[:, None]
    eps = tf.random.normal(tf.shape(x0))
    xt = tf.sqrt(a) * x0 + tf.sqrt(1 - a) * eps
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((net(xt, t) - eps) ** 2)
    optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    for a_, v in zip(ema.variables, net.variables):
        a_.assign(EMA * a_ + (1 - EMA) * v)
    return loss


denoise = tf.function(lambda x, t: ema(x, t))


def sample(n):
    x = tf.random.normal([n, 2])
    for t in reversed(range(T_STEPS)):
        eps = denoise(x, tf.fill([n], t))
        beta = 1 - alpha[t]
        x = (x - beta / np.sqrt(1 - alpha_bar[t]) * eps) / np.sqrt(alpha[t])
        if t > 0:
            x += np.sqrt(beta * (1 - alpha_bar[t - 1]) / (1 - alpha_bar[t])) * tf.random.normal([n, 2])
    return x.numpy()


def energy_distance(a, b):
    pair = lambda u, v: np.sqrt(((u[:, None] - v[None]) ** 2).sum(-1)).mean()
    return 2 * pair(a, b) - pair(a, a) - pair(b, b)


rng = np.random.default_rng(0)
window = []
for it in range(1, ITERS + 1):
    window.append(float(train_step(data[rng.integers(0, len(data), BATCH)])))
    if it % 300 == 0:
        print(f"iter {it:5d}  eps mse {np.mean(window[-300:]):.4f}  energy distance {energy_distance(sample(1000), held_out):.5f}")

g = sample(1500)
nearest = lambda u: np.median(np.sqrt(((u[:, None] - held_out[None]) ** 2).sum(-1)).min(1))
print(f"real vs real energy distance  {energy_distance(data[:1000], held_out):.5f}")
print(f"prior vs real energy distance {energy_distance(rng.normal(size=(1000, 2)), held_out):.5f}")
print(f"median distance to the nearest held-out point: samples {nearest(g):.4f}, real points {nearest(data[:1500]):.4f}, "
      f"prior {nearest(rng.normal(size=(1500, 2))):.4f}")
