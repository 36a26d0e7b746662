"""A variational autoencoder that adds its losses itself."""

import numpy as np
import keras
from keras import layers, ops
keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)
z = rng.normal(size=(2000, 2))
x = 1 / (1 + np.exp(-(z @ rng.normal(0, 2.0, (2, 32)))))
x = x.astype("float32")

class Sampling(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.seed_generator = keras.random.SeedGenerator(5)

    def call(self, inputs):
        mean, log_var = inputs
        kl = -0.5 * ops.mean(ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=1))
        self.add_loss(kl)
        eps = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * eps

class VAE(keras.Model):
    def __init__(self, latent=2):
        super().__init__()
        self.enc = layers.Dense(64, activation="relu")
        self.mean, self.log_var = layers.Dense(latent), layers.Dense(latent)
        self.sample = Sampling()
        self.dec = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(32, activation="sigmoid")])

    def call(self, x):
        h = self.enc(x)
        zz = self.sample([self.mean(h), self.log_var(h)])
        recon = self.dec(zz)
        self.add_loss(ops.mean(ops.sum(50.0 * ops.square(x - recon), axis=-1)))
        return recon

vae = VAE()
vae.compile(optimizer=keras.optimizers.Adam(3e-3))
h = vae.fit(x, epochs=2, batch_size=64, verbose=0)
print(["%.10f" % v for v in h.history["loss"]])
