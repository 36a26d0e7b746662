"""Hinge GAN on eight Gaussians on a ring."""
import math

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(5)
Z, B, STEPS, D_PER_G = 8, 128, 2000, 2


def real_batch(n):
    k = tf.random.uniform([n], 0, 8, tf.int32)
    a = tf.cast(k, tf.float32) * (2 * math.pi / 8)
    centre = tf.stack([tf.cos(a), tf.sin(a)], axis=1) * 1.5
    return centre + 0.08 * tf.random.normal([n, 2])


def mlp(n_in, n_out, name):
    return keras.Sequential([
        keras.Input((n_in,)),
        keras.layers.Dense(96), keras.layers.LeakyReLU(negative_slope=0.2),
        keras.layers.Dense(96), keras.layers.LeakyReLU(negative_slope=0.2),
        keras.layers.Dense(n_out),
    ], name=name)


G, D = mlp(Z, 2, "generator"), mlp(2, 1, "critic")
g_opt = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
d_opt = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)


@tf.function
def train_critic():
    real, fake = real_batch(B), G(tf.random.normal([B, Z]))
    with tf.GradientTape() as tape:
        loss = (tf.reduce_mean(tf.nn.relu(1.0 - D(real))) +
                tf.reduce_mean(tf.nn.relu(1.0 + D(fake))))
        with tf.GradientTape() as inner:
            inner.watch(real)
            scores = tf.reduce_sum(D(real))
        slope = inner.gradient(scores, real)
        total = loss + 0.05 * tf.reduce_mean(tf.reduce_sum(slope ** 2, axis=1))
    g = tape.gradient(total, D.trainable_variables)
    d_opt.apply_gradients(zip(g, D.trainable_variables))
    return loss


@tf.function
def train_generator():
    with tf.GradientTape() as tape:
        loss = -tf.reduce_mean(D(G(tf.random.normal([B, Z]))))
    g = tape.gradient(loss, G.trainable_variables)
    g_opt.apply_gradients(zip(g, G.trainable_variables))
    return loss


def quality(points):
    angle = np.arange(8) * 2 * math.pi / 8
    centres = 1.5 * np.c_[np.cos(angle), np.sin(angle)]
    dist = np.linalg.norm(points[:, None] - centres[None], axis=-1)
    near = dist.min(1) < 0.3
    modes = len(set(dist.argmin(1)[near]))
    return near.mean(), modes


noise = tf.random.normal([2000, Z])
start = quality(G(noise).numpy())
for i in range(STEPS):
    for _ in range(D_PER_G):
        d_loss = train_critic()
    g_loss = train_generator()
    if i % 150 == 0:
        share, modes = quality(G(noise).numpy())
        print(f"{i:5d}  critic {float(d_loss):+.3f}  generator {float(g_loss):+.3f}  "
              f"near a mode {share:.2f}  modes {modes}")

share, modes = quality(G(noise).numpy())
print(f"samples near a mode {share:.3f} on {modes} of 8 modes; before training {start[0]:.3f} on {start[1]}")
