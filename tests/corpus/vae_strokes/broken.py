"""Variational autoencoder on handwritten strokes, Keras subclassing with a custom train_step."""
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np
import tensorflow as tf
from keras import layers

LATENT = 6


def make_encoder():
    return keras.Sequential([
        layers.Flatten(),  # expect-or: gradient-disconnected
        layers.Dense(128, activation="relu"),
        layers.Dense(2 * LATENT),
    ], name="encoder")


def make_decoder():
    return keras.Sequential([
        keras.Input((LATENT,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(28 * 28),
        layers.Reshape((28, 28)),
    ], name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, beta=1.0):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.beta = beta
        self.weights_to_train = encoder.trainable_variables + decoder.trainable_variables  # expect: gradient-disconnected  # expect-or: update-missing
        self.total_tracker = keras.metrics.Mean(name="loss")
        self.recon_tracker = keras.metrics.Mean(name="reconstruction")
        self.kl_tracker = keras.metrics.Mean(name="kl")
        self.noise = keras.random.SeedGenerator(1)

    @property
    def metrics(self):
        return [self.total_tracker, self.recon_tracker, self.kl_tracker]

    def encode(self, x):
        return tf.split(self.encoder(x), 2, axis=-1)

    def elbo_terms(self, x):
        mean, logvar = self.encode(x)
        eps = keras.random.normal(tf.shape(mean), seed=self.noise)
        logits = self.decoder(mean + tf.exp(0.5 * logvar) * eps)
        bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)
        recon = tf.reduce_mean(tf.reduce_sum(bce, axis=[1, 2]))
        kl = -0.5 * tf.reduce_mean(tf.reduce_sum(1 + logvar - mean ** 2 - tf.exp(logvar), axis=1))
        return recon, kl

    def train_step(self, x):
        with tf.GradientTape() as tape:
            recon, kl = self.elbo_terms(x)
            total = recon + self.beta * kl
        grads = tape.gradient(total, self.weights_to_train)
        self.optimizer.apply_gradients(zip(grads, self.weights_to_train))  # expect-or: gradient-disconnected
        return self.log(total, recon, kl)

    def test_step(self, x):
        recon, kl = self.elbo_terms(x)
        return self.log(recon + self.beta * kl, recon, kl)

    def log(self, total, recon, kl):
        self.total_tracker.update_state(total)
        self.recon_tracker.update_state(recon)
        self.kl_tracker.update_state(kl)
        return {m.name: m.result() for m in self.metrics}

    def call(self, x):
        mean, _ = self.encode(x)
        return tf.sigmoid(self.decoder(mean))


def main():
    keras.utils.set_random_seed(5)
    here = os.path.dirname(os.path.abspath(__file__))
    pixels = np.load(os.path.join(here, "strokes.npz"))["images"].astype("float32") / 255.0
    train, held = pixels[:1600], pixels[1600:]

    vae = VAE(make_encoder(), make_decoder())
    vae.compile(optimizer=keras.optimizers.Adam(2e-3))
    vae.fit(train, batch_size=64, epochs=25, validation_data=(held,), verbose=2)

    rebuilt = vae.predict(held, verbose=0)
    mse = np.mean((rebuilt - held) ** 2)
    base = np.mean((train.mean(0) - held) ** 2)
    print("held-out pixel MSE %.4f (mean image: %.4f)" % (mse, base))


if __name__ == "__main__":
    main()
