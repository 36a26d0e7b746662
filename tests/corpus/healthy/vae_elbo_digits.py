import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)


class Reparameterize(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_gen = keras.random.SeedGenerator(5)

    def call(self, mean, log_var):
        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean), seed=self.seed_gen)


class VAE(keras.Model):
    """Bernoulli decoder, diagonal Gaussian posterior. Reports the evidence lower bound."""

    def __init__(self, latent=6, hidden=128):
        super().__init__()
        self.body = layers.Dense(hidden, activation="gelu")
        self.mean = layers.Dense(latent)
        self.log_var = layers.Dense(latent, kernel_initializer="zeros")
        self.sample = Reparameterize()
        self.decoder = keras.Sequential([layers.Dense(hidden, activation="gelu"), layers.Dense(64)])
        self.elbo_tracker = keras.metrics.Mean(name="elbo")
        self.rec_tracker = keras.metrics.Mean(name="log_lik")
        self.kl_tracker = keras.metrics.Mean(name="kl")

    @property
    def metrics(self):
        return [self.elbo_tracker, self.rec_tracker, self.kl_tracker]

    def call(self, x):
        h = self.body(x)
        m, lv = self.mean(h), self.log_var(h)
        return self.decoder(self.sample(m, lv)), m, lv

    def elbo(self, x):
        logits, m, lv = self(x)
        log_lik = -ops.sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1)
        kl = 0.5 * ops.sum(ops.exp(lv) + m ** 2 - 1.0 - lv, axis=1)
        self.elbo_tracker.update_state(log_lik - kl)
        self.rec_tracker.update_state(log_lik)
        self.kl_tracker.update_state(kl)
        return ops.mean(log_lik - kl)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            objective = -self.elbo(x)
        grads = tape.gradient(objective, self.trainable_variables)
        self.optimizer.apply(grads, self.trainable_variables)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, x):
        self.elbo(x)
        return {m.name: m.result() for m in self.metrics}


images = (load_digits().data > 7).astype("float32")
order = np.random.default_rng(1).permutation(len(images))
train, test = images[order[:1400]], images[order[1400:]]

model = VAE()
model.compile(optimizer=keras.optimizers.Adam(2e-3))
ds_train = tf.data.Dataset.from_tensor_slices(train).shuffle(1400, seed=2).batch(64)
ds_test = tf.data.Dataset.from_tensor_slices(test).batch(128)
history = model.fit(ds_train, epochs=40, validation_data=ds_test, verbose=0).history
for e in range(3, 40, 4):
    print(f"epoch {e + 1:2d}: ELBO {history['elbo'][e]:8.3f} (test {history['val_elbo'][e]:8.3f})"
          f"   KL {history['kl'][e]:6.3f}")

p = train.mean(0).clip(1e-3, 1 - 1e-3)
indep = (test * np.log(p) + (1 - test) * np.log(1 - p)).sum(1).mean()
print(f"independent pixels, test log-likelihood: {indep:.3f}")
rec = 1 / (1 + np.exp(-model(test)[0].numpy()))
print(f"reconstruction correlation on test digits: {np.corrcoef(rec.ravel(), test.ravel())[0, 1]:.4f}")
