"""Synthetic insurance claim sizes: a small GAN imitates a log-claim sample."""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


@dataclass
class Config:
    noise_dim: int = 3
    width: int = 48
    batch: int = 256
    iterations: int = 3000
    lr: float = 1e-3
    ema: float = 0.998


cfg = Config()
tf.keras.utils.set_random_seed(21)
rng = np.random.default_rng(21)


def log_claims(n):
    return (rng.gumbel(-0.5, 0.6, n) + rng.normal(0, 0.15, n)).astype("float32")[:, None]


train, test = log_claims(20000), log_claims(5000)


def build(n_in, act):
    return tf.keras.Sequential([
        layers.Input((n_in,)),
        layers.Dense(cfg.width, activation=act),
        layers.Dense(cfg.width, activation=act),
        layers.Dense(1),
    ])


gen, disc, gen_avg = build(cfg.noise_dim, "elu"), build(1, "elu"), build(cfg.noise_dim, "elu")
gen_avg.set_weights(gen.get_weights())
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
decay = tf.keras.optimizers.schedules.CosineDecay(cfg.lr, cfg.iterations, alpha=0.1)
g_opt = tf.keras.optimizers.Adam(decay, beta_1=0.5)
d_opt = tf.keras.optimizers.Adam(3 * cfg.lr, beta_1=0.5)


@tf.function
def iterate(real):
    z = tf.random.normal([cfg.batch, cfg.noise_dim])
    with tf.GradientTape() as tg, tf.GradientTape() as td:
        fake = gen(z, training=True)
        lr_, lf = disc(real, training=True), disc(fake, training=True)
        d_loss = 0.5 * (bce(tf.ones_like(lr_), lr_) + bce(tf.zeros_like(lf), lf))
        g_loss = bce(tf.ones_like(lf), lf)
    g_opt.apply_gradients(zip(tg.gradient(g_loss, gen.trainable_variables), gen.trainable_variables))
    d_opt.apply_gradients(zip(td.gradient(d_loss, disc.trainable_variables), disc.trainable_variables))
    for a, v in zip(gen_avg.variables, gen.variables):
        a.assign(cfg.ema * a + (1.0 - cfg.ema) * v)
    acc = 0.5 * (tf.reduce_mean(tf.cast(lr_ > 0, tf.float32)) + tf.reduce_mean(tf.cast(lf < 0, tf.float32)))
    return d_loss, g_loss, acc


def draw(n):
    return gen_avg(tf.random.normal([n, cfg.noise_dim])).numpy().ravel()


def wasserstein(a, b):
    q = np.linspace(0.005, 0.995, 199)
    return np.abs(np.quantile(a, q) - np.quantile(b, q)).mean()


log = []
for it in range(1, cfg.iterations + 1):
    log.append([float(v) for v in iterate(train[rng.integers(0, len(train), cfg.batch)])])
    if it % 500 == 0:
        d, g, acc = np.mean(log[-500:], axis=0)
        print(f"{it:5d} d_loss={d:.4f} g_loss={g:.4f} d_acc={acc:.3f} W1={wasserstein(draw(5000), test.ravel()):.4f}")

fake = draw(5000)
print(f"W1 between the training and the test sample: {wasserstein(train.ravel()[:5000], test.ravel()):.4f}")
for q in (0.05, 0.25, 0.5, 0.75, 0.95):
    print(f"quantile {q:4.2f}: test {np.quantile(test, q):+.3f}  synthetic {np.quantile(fake, q):+.3f}")
