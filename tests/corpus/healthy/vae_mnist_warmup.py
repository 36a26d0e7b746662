"""
Variational autoencoder on MNIST, Keras 3 style (add_loss-free, custom train_step).

Notes to self
  * BCE on grey values cannot reach 0: the entropy of the grey pixels is the floor.
  * KL weight is raised from 0 to 1 over the first epochs, so the TOTAL loss stalls for
    a while although nothing is wrong. Look at `recon` and `kl` one by one.
  * some latent dimensions switch themselves off (kl ~ 0), that is normal.
"""
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.datasets import mnist

keras.utils.set_random_seed(123)
LATENT = 8


class Warmup(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_begin(self, epoch, logs=None):
        self.model.beta.assign(min(1.0, epoch / self.epochs))


class VAE(keras.Model):
    def __init__(self, latent):
        super().__init__()
        self.encoder = keras.Sequential([
            layers.Input((784,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(128, activation="relu"),
            layers.Dense(2 * latent),
        ])
        self.decoder = keras.Sequential([
            layers.Input((latent,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(784),                      # logits
        ])
        self.beta = self.add_weight(shape=(), initializer="zeros", trainable=False, name="beta")
        self.trackers = {k: keras.metrics.Mean(name=k) for k in ("loss", "recon", "kl")}

    @property
    def metrics(self):
        return list(self.trackers.values())

    def call(self, x, training=False):
        mean, logvar = tf.split(self.encoder(x), 2, axis=-1)
        z = mean
        if training:
            z += tf.exp(0.5 * logvar) * tf.random.normal(tf.shape(mean))
        return self.decoder(z), mean, logvar

    def elbo_terms(self, x, training):
        logits, mean, logvar = self(x, training=training)
        bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
        recon = tf.reduce_mean(tf.reduce_sum(bce, axis=1))
        kl = 0.5 * tf.reduce_mean(tf.reduce_sum(tf.square(mean) + tf.exp(logvar) - 1.0 - logvar, axis=1))
        return recon + self.beta * kl, recon, kl

    def _track(self, values):
        for tracker, v in zip(self.trackers.values(), values):
            tracker.update_state(v)
        return {k: t.result() for k, t in self.trackers.items()}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            values = self.elbo_terms(x, training=True)
        grads = tape.gradient(values[0], self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self._track(values)

    def test_step(self, x):
        return self._track(self.elbo_terms(x, training=False))


(x_train, _), (x_test, _) = mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255

vae = VAE(LATENT)
vae.compile(optimizer=keras.optimizers.Adam(1.5e-3))
hist = vae.fit(x_train, epochs=32, batch_size=50, verbose=0, callbacks=[Warmup(20)],
               validation_data=(x_test,)).history
for e in (0, 5, 10, 20, 25, 31):
    print(f"epoch {e + 1:2d}: " + "  ".join(f"{k} {hist[k][e]:7.2f}" for k in ("loss", "recon", "kl", "val_recon")))

eps = 1e-7
p = np.clip(x_train.mean(0), eps, 1 - eps)
mean_image = -np.mean(np.sum(x_test * np.log(p) + (1 - x_test) * np.log(1 - p), axis=1))
g = np.clip(x_test, eps, 1 - eps)
floor = -np.mean(np.sum(x_test * np.log(g) + (1 - x_test) * np.log(1 - g), axis=1))
print(f"BCE per test image: mean image {mean_image:.1f}, VAE {hist['val_recon'][-1]:.1f}, lowest possible {floor:.1f}")
