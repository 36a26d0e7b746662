import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(21)


class VAE(keras.Model):
    """Dense VAE, Bernoulli pixels; the weight of the KL term grows over the first epochs."""

    def __init__(self, z_dim=10, **kw):
        super().__init__(**kw)
        self.z_dim = z_dim
        self.encoder = keras.Sequential([layers.Dense(256, activation="relu"), layers.Dense(2 * z_dim)])
        self.decoder = keras.Sequential([layers.Dense(256, activation="relu"), layers.Dense(784)])
        self.beta = self.add_weight(name="beta", shape=(), initializer="zeros", trainable=False)
        self.seeds = keras.random.SeedGenerator(4)
        self.trackers = {k: keras.metrics.Mean(name=k) for k in ("loss", "recon", "kl")}

    @property
    def metrics(self):
        return list(self.trackers.values())

    def call(self, x, training=False):
        mu, logvar = ops.split(self.encoder(x), 2, axis=-1)
        z = mu
        if training:
            z = mu + ops.exp(0.5 * logvar) * keras.random.normal(ops.shape(mu), seed=self.seeds)
        return self.decoder(z), mu, logvar

    def terms(self, x, training):
        logits, mu, logvar = self(x, training=training)
        recon = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1)
        kl = 0.5 * ops.sum(ops.square(mu) + ops.exp(logvar) - 1.0 - logvar, axis=1)
        return ops.mean(recon), ops.mean(kl)

    def log(self, loss, recon, kl):
        for k, v in zip(("loss", "recon", "kl"), (loss, recon, kl)):
            self.trackers[k].update_state(v)
        return {k: m.result() for k, m in self.trackers.items()}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            recon, kl = self.terms(x, training=True)
            loss = recon + self.beta * kl
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self.log(loss, recon, kl)

    def test_step(self, x):
        recon, kl = self.terms(x, training=False)
        return self.log(recon + kl, recon, kl)


class BetaWarmUp(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_begin(self, epoch, logs=None):
        self.model.beta.assign(min(1.0, epoch / self.epochs))


def images(a):
    return a.reshape(len(a), 784).astype("float32") / 255.0


(a, _), (b, _) = keras.datasets.mnist.load_data()
x_train, x_val = images(a), images(b)

vae = VAE()
EPOCHS, BATCH = 20, 50
schedule = keras.optimizers.schedules.CosineDecay(2e-3, EPOCHS * len(x_train) // BATCH, alpha=0.02)
vae.compile(optimizer=keras.optimizers.Adam(schedule))
vae.fit(x_train, validation_data=(x_val,), epochs=EPOCHS, batch_size=BATCH, callbacks=[BetaWarmUp(10)], verbose=2)

p = np.clip(x_train.mean(0), 1e-3, 1 - 1e-3)
base = -(x_val * np.log(p) + (1 - x_val) * np.log(1 - p)).sum(1).mean()
final = vae.evaluate(x_val, verbose=0, return_dict=True)
print(f"independent pixels: {base:.1f} nats")
print(f"VAE:  -ELBO {final['loss']:.1f} nats  (reconstruction {final['recon']:.1f} + KL {final['kl']:.1f})")
