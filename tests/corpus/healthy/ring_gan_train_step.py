"""Toy GAN: eight-mode ring.  Discriminator and generator losses hover near their
equilibrium values; quality is judged by how samples fall on the modes."""
import math
import keras
import numpy as np
import tensorflow as tf
from keras import layers as kl

keras.utils.set_random_seed(88)
K, SIGMA, LATENT, BATCH = 8, 0.05, 8, 256
ANGLES = np.arange(K) * 2 * math.pi / K
CENTRES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype("float32")


def real_batches():
    rng = np.random.default_rng(88)
    while True:
        yield CENTRES[rng.integers(0, K, BATCH)] + rng.normal(0, SIGMA, (BATCH, 2)).astype("float32")


class RingGAN(keras.Model):
    def __init__(self):
        super().__init__()
        self.gen = keras.Sequential([keras.Input((LATENT,)), kl.Dense(96, "relu"),
                                     kl.Dense(96, "relu"), kl.Dense(2)])
        self.dis = keras.Sequential([keras.Input((2,)), kl.Dense(96), kl.LeakyReLU(0.2),
                                     kl.Dense(96), kl.LeakyReLU(0.2), kl.Dense(1)])
        self.d_track, self.g_track = keras.metrics.Mean("d_loss"), keras.metrics.Mean("g_loss")

    def compile(self, g_opt, d_opt):
        super().compile()
        self.g_opt, self.d_opt = g_opt, d_opt

    @property
    def metrics(self):
        return [self.d_track, self.g_track]

    def train_step(self, real):
        n = tf.shape(real)[0]
        with tf.GradientTape() as tape:
            fake = self.gen(tf.random.normal([n, LATENT]), training=True)
            d_loss = tf.reduce_mean(tf.nn.softplus(-self.dis(real)) + tf.nn.softplus(self.dis(fake)))
            # zero-centred penalty on real points (Mescheder et al., 2018)
            with tf.GradientTape() as inner:
                inner.watch(real)
                score = tf.reduce_sum(self.dis(real))
            slope = inner.gradient(score, real)
            d_total = d_loss + 0.05 * tf.reduce_mean(tf.reduce_sum(slope ** 2, 1))
        self.d_opt.apply_gradients(zip(tape.gradient(d_total, self.dis.trainable_variables),
                                       self.dis.trainable_variables))
        with tf.GradientTape() as tape:
            fake = self.gen(tf.random.normal([n, LATENT]), training=True)
            g_loss = tf.reduce_mean(tf.nn.softplus(-self.dis(fake)))
        self.g_opt.apply_gradients(zip(tape.gradient(g_loss, self.gen.trainable_variables),
                                       self.gen.trainable_variables))
        self.d_track.update_state(d_loss)
        self.g_track.update_state(g_loss)
        return {m.name: m.result() for m in self.metrics}


data = tf.data.Dataset.from_generator(
    real_batches, output_signature=tf.TensorSpec((BATCH, 2), tf.float32)).prefetch(4)
gan = RingGAN()
gan.compile(keras.optimizers.Adam(1e-3, beta_1=0.5), keras.optimizers.Adam(1e-3, beta_1=0.5))
gan.fit(data, steps_per_epoch=250, epochs=8, verbose=2)

pts = gan.gen(np.random.default_rng(1).normal(size=(2000, LATENT)).astype("float32")).numpy()
d = np.linalg.norm(pts[:, None] - CENTRES[None], axis=-1)
near = d.min(1) < 4 * SIGMA
share = np.bincount(d.argmin(1)[near], minlength=K) / len(pts)
print("on a mode: %.3f   share per mode: %s" % (near.mean(), np.round(share, 2)))
