"""Predictive density of tomorrow's river level from rain and today's level (Gaussian head)."""
import math

import numpy as np
import tensorflow as tf


class GaussianHead(tf.keras.Model):
    def __init__(self, width=24):
        super().__init__()
        self.body = [tf.keras.layers.Dense(width, activation="swish") for _ in range(2)]
        self.mu = tf.keras.layers.Dense(1)
        self.log_sigma = tf.keras.layers.Dense(1, kernel_initializer="zeros", bias_initializer="zeros")

    def call(self, x):
        for layer in self.body:
            x = layer(x)
        return self.mu(x), tf.clip_by_value(self.log_sigma(x), -5.0, 2.0)


def log_likelihood(y, mu, log_sigma):
    z = (y - mu) * tf.exp(-log_sigma)
    return -0.5 * z * z - log_sigma - 0.5 * math.log(2 * math.pi)


def simulate(n, seed):
    rng = np.random.default_rng(seed)
    level, rows = 1.0, []
    for day in range(n):
        rain = rng.gamma(0.6, 1.2) * (1 + 0.5 * math.sin(2 * math.pi * day / 365))
        nxt = 0.5 + 0.55 * level + 0.22 * rain ** 0.7 + rng.normal(0, 0.03 + 0.03 * rain ** 0.5)
        rows.append((rain, level, math.sin(2 * math.pi * day / 365), nxt))
        level = nxt
    a = np.array(rows, dtype=np.float32)
    return a[:, :3], a[:, 3:]


tf.keras.utils.set_random_seed(2)
x, y = simulate(3000, seed=2)
m, s = x[:2400].mean(0), x[:2400].std(0)
x = (x - m) / s
x_tr, y_tr, x_te, y_te = x[:2400], y[:2400], x[2400:], y[2400:]

net = GaussianHead()
opt = tf.keras.optimizers.Adam(1e-3)
data = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(2400).batch(64)


@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        mu, ls = net(xb)
        score = tf.reduce_mean(log_likelihood(yb, mu, ls))
        objective = -score
    g = tape.gradient(objective, net.trainable_variables)
    g, _ = tf.clip_by_global_norm(g, 1.0)
    opt.apply_gradients(zip(g, net.trainable_variables))
    return objective


for epoch in range(1, 26):
    objective = np.mean([float(step(xb, yb)) for xb, yb in data])
    if epoch in (1, 2, 3) or epoch % 5 == 0:
        mu, ls = net(x_te)
        test = -float(tf.reduce_mean(log_likelihood(y_te, mu, ls)))
        print(f"epoch {epoch:2d}   loss {objective:8.3f}   test loss {test:8.3f}")

mu, ls = (t.numpy() for t in net(x_te))
inside = np.abs(y_te - mu) < 1.645 * np.exp(ls)
print("test RMSE %.3f m (level std %.3f m)" % (np.sqrt(np.mean((y_te - mu) ** 2)), y_te.std()))
print("coverage of the 90 %% band: %.1f %%" % (100 * inside.mean()))
