import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import load_digits

EPOCHS = 15
BATCH = 32
LATENT = 6
KL_WEIGHT = 0.1

keras.utils.set_random_seed(99)


class Sampling(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_gen = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        mu, logvar = inputs
        eps = keras.random.normal(tf.shape(mu), seed=self.seed_gen)
        return mu + tf.exp(0.5 * logvar) * eps


class VAE(keras.Model):
    def __init__(self, latent, **kwargs):
        super().__init__(**kwargs)
        self.enc = keras.Sequential([layers.Dense(128, activation="relu"),
                                     layers.Dense(64, activation="relu")])
        self.mu = layers.Dense(latent)
        self.logvar = layers.Dense(latent)
        self.sample = Sampling()
        self.dec = keras.Sequential([layers.Dense(64, activation="relu"),
                                     layers.Dense(128, activation="relu"),
                                     layers.Dense(64)])
        self.rec_tracker = keras.metrics.Mean(name="rec")
        self.kl_tracker = keras.metrics.Mean(name="kl")

    @property
    def metrics(self):
        return [self.rec_tracker, self.kl_tracker]

    def call(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        return self.dec(self.sample([mu, logvar])), mu, logvar

    def elbo_terms(self, x):
        logits, mu, logvar = self(x)
        rec = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1)
        kl = -0.5 * tf.reduce_sum(1 + logvar - tf.square(mu) - tf.exp(logvar), axis=1)
        return tf.reduce_mean(rec), tf.reduce_mean(kl)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            rec, kl = self.elbo_terms(x)
            loss = rec + KL_WEIGHT * kl
        grads = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        self.rec_tracker.update_state(rec)
        self.kl_tracker.update_state(kl)
        return {m.name: m.result() for m in self.metrics}


x = (load_digits().data / 16.0).astype("float32")
np.random.default_rng(0).shuffle(x)
x_train, x_test = x[:1500], x[1500:]

steps_per_epoch = len(x_train) // BATCH
schedule = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=EPOCHS * steps_per_epoch)

vae = VAE(LATENT)
vae.compile(optimizer=keras.optimizers.Adam(schedule))
vae.fit(x_train, epochs=EPOCHS, batch_size=BATCH, verbose=2)

_, mu, _ = vae(x_test)
recon = tf.sigmoid(vae.dec(mu)).numpy()
baseline = np.mean((x_test - x_train.mean(0)) ** 2)
print("test reconstruction mse %.5f (mean image: %.5f)" % (np.mean((recon - x_test) ** 2), baseline))
