"""A GAN: two tapes in one with statement, two optimisers, eager."""

import numpy as np, tensorflow as tf
from tensorflow.keras import layers
tf.keras.utils.set_random_seed(3); rng = np.random.default_rng(3)

def real_batch(n):
    c = rng.integers(2, 6, size=(n, 2))
    yy, xx = np.mgrid[0:8, 0:8]
    img = np.exp(-((yy[None] - c[:, 0, None, None])**2 + (xx[None] - c[:, 1, None, None])**2) / 3.0)
    return (img[..., None] * 2 - 1).astype("float32")

generator = tf.keras.Sequential([
    layers.Input((16,)), layers.Dense(4*4*16, use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(),
    layers.Reshape((4, 4, 16)), layers.Conv2DTranspose(8, 3, strides=2, padding="same", use_bias=False),
    layers.BatchNormalization(), layers.LeakyReLU(), layers.Conv2D(1, 3, padding="same", activation="tanh")], name="generator")
discriminator = tf.keras.Sequential([
    layers.Input((8, 8, 1)), layers.Conv2D(8, 3, strides=2, padding="same"), layers.LeakyReLU(),
    layers.Dropout(0.3), layers.Conv2D(16, 3, strides=2, padding="same"), layers.LeakyReLU(),
    layers.Flatten(), layers.Dense(1)], name="discriminator")
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
g_opt = tf.keras.optimizers.Adam(1e-3, beta_1=0.5)
d_opt = tf.keras.optimizers.Adam(1e-3, beta_1=0.5)

def train_step(images):
    noise = tf.random.normal([images.shape[0], 16])
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        fake = generator(noise, training=True)
        real_out = discriminator(images, training=True)
        fake_out = discriminator(fake, training=True)
        g_loss = bce(tf.ones_like(fake_out), fake_out)
        d_loss = bce(tf.ones_like(real_out), real_out) + bce(tf.zeros_like(fake_out), fake_out)
    gg = gen_tape.gradient(g_loss, generator.trainable_variables)
    dg = disc_tape.gradient(d_loss, discriminator.trainable_variables)
    g_opt.apply_gradients(zip(gg, generator.trainable_variables))
    d_opt.apply_gradients(zip(dg, discriminator.trainable_variables))
    return g_loss, d_loss

for step in range(24):
    gl, dl = train_step(real_batch(32))
    if step % 30 == 0 or step == 23:
        print(step, repr(float(gl)), repr(float(dl)))
s = generator(tf.random.normal([64, 16]), training=False).numpy()
print("mean/std fake", s.mean(), s.std(), "real", real_batch(64).mean(), real_batch(64).std())
