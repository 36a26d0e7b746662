"""A small GAN for points on a ring of radius 2.

Neither loss goes down for long: a balanced game sits near 2*ln(2) for the critic
and ln(2) for the generator.  The samples tell whether it worked.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(5)
LATENT, BATCH, STEPS = 8, 256, 2500


def real_points(n):
    angle = tf.random.uniform((n,), 0.0, 2.0 * np.pi)
    radius = 2.0 + 0.1 * tf.random.normal((n,))
    return tf.stack([radius * tf.cos(angle), radius * tf.sin(angle)], axis=1)


generator = keras.Sequential([
    keras.Input((LATENT,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(2),
], name="generator")

discriminator = keras.Sequential([
    keras.Input((2,)),
    layers.Dense(64),
    layers.LeakyReLU(negative_slope=0.2),
    layers.Dense(64),
    layers.LeakyReLU(negative_slope=0.2),
    layers.Dense(1),
], name="discriminator")

bce = keras.losses.BinaryCrossentropy(from_logits=True)
g_opt = keras.optimizers.Adam(5e-4, beta_1=0.5)
d_opt = keras.optimizers.Adam(1e-3, beta_1=0.5)


@tf.function
def play_round():
    # critic's turn
    noise = tf.random.normal((BATCH, LATENT))
    fake = generator(noise, training=True)
    with tf.GradientTape() as tape:
        on_real = discriminator(real_points(BATCH), training=True)
        on_fake = discriminator(fake, training=True)
        d_loss = bce(tf.ones_like(on_real) * 0.9, on_real) + bce(tf.zeros_like(on_fake), on_fake)
    d_vars = discriminator.trainable_variables
    d_opt.apply_gradients(zip(tape.gradient(d_loss, d_vars), d_vars))

    # generator's turn: it wants the critic to say "real"
    noise = tf.random.normal((BATCH, LATENT))
    with tf.GradientTape() as tape:
        verdict = discriminator(generator(noise, training=True), training=True)
        g_loss = bce(tf.ones_like(verdict), verdict)
    g_vars = generator.trainable_variables
    g_opt.apply_gradients(zip(tape.gradient(g_loss, g_vars), g_vars))
    return d_loss, g_loss


for it in range(1, STEPS + 1):
    d_loss, g_loss = play_round()
    if it % 500 == 0:
        print(f"{it:5d}  critic {float(d_loss):.3f}  generator {float(g_loss):.3f}")

samples = generator(tf.random.normal((4000, LATENT)), training=False).numpy()
radius = np.linalg.norm(samples, axis=1)
sector = np.floor((np.arctan2(samples[:, 1], samples[:, 0]) + np.pi) / (2 * np.pi) * 12).astype(int) % 12
share = np.bincount(sector, minlength=12) / len(samples)
print(f"radius {radius.mean():.2f} +- {radius.std():.2f} (wanted 2.00 +- 0.10)")
print(f"smallest / largest share of 12 sectors: {share.min():.3f} / {share.max():.3f} (even: 0.083)")
