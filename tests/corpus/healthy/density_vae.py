import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

LATENT = 6


class Bottleneck(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.seed_gen = keras.random.SeedGenerator(4)

    def call(self, stats):
        mean, log_var = tf.split(stats, 2, axis=-1)
        noise = keras.random.normal(tf.shape(mean), seed=self.seed_gen)
        return mean + tf.exp(0.5 * log_var) * noise, mean, log_var


class GaussianVAE(keras.Model):
    """The decoder gives a mean for each pixel, the width of the noise is learnt per pixel."""

    def __init__(self, n_pixels):
        super().__init__()
        self.enc = keras.Sequential([layers.Dense(96, "gelu"), layers.Dense(2 * LATENT)])
        self.dec = keras.Sequential([layers.Dense(96, "gelu"), layers.Dense(n_pixels)])
        self.bottleneck = Bottleneck()
        self.log_width = self.add_weight(shape=(n_pixels,), initializer=keras.initializers.Constant(-1.0), name="log_width")

    def call(self, x, training=False):
        z, mean, log_var = self.bottleneck(self.enc(x))
        return self.dec(z), mean, log_var

    def terms(self, x):
        recon, mean, log_var = self(x)
        width = tf.maximum(self.log_width, -3.0)
        nll = 0.5 * tf.square((x - recon) * tf.exp(-width)) + width + 0.5 * np.log(2 * np.pi)
        kl = -0.5 * (1.0 + log_var - tf.square(mean) - tf.exp(log_var))
        return tf.reduce_mean(tf.reduce_sum(nll, 1)), tf.reduce_mean(tf.reduce_sum(kl, 1))

    def train_step(self, data):
        with tf.GradientTape() as tape:
            nll, kl = self.terms(data)
            loss = nll + kl
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {"elbo_loss": loss, "nll": nll, "kl": kl}

    def test_step(self, data):
        nll, kl = self.terms(data)
        return {"elbo_loss": nll + kl, "nll": nll, "kl": kl}


keras.utils.set_random_seed(4)
pixels = (load_digits().data / 16.0).astype("float32")
np.random.default_rng(4).shuffle(pixels)
train = tf.data.Dataset.from_tensor_slices(pixels[:1500]).shuffle(1500, seed=4).batch(50)
held = tf.data.Dataset.from_tensor_slices(pixels[1500:]).batch(297)

vae = GaussianVAE(64)
vae.compile(optimizer=keras.optimizers.Adam(6e-3, use_ema=True, ema_momentum=0.98,
                                            ema_overwrite_frequency=None))
for block in range(5):
    vae.fit(train, epochs=6, verbose=0)
    out = vae.evaluate(held, verbose=0, return_dict=True)
    inside = vae.evaluate(train, verbose=0, return_dict=True)
    print("after %2d epochs  train %8.2f  held out %8.2f  (nll %.2f, kl %.2f)" % (
        6 * (block + 1), inside["elbo_loss"], out["elbo_loss"], out["nll"], out["kl"]))

vae.optimizer.finalize_variable_values(vae.trainable_variables)
out = vae.evaluate(held, verbose=0, return_dict=True)
print("averaged weights: held out %.2f" % out["elbo_loss"])
