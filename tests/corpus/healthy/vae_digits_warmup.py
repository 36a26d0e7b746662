"""VAE on the 8x8 digits, with KL warm-up."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

keras.utils.set_random_seed(123)
X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
perm = np.random.default_rng(0).permutation(len(X))
X, y = X[perm], y[perm]
X_tr, X_te, y_tr, y_te = X[:1400], X[1400:], y[:1400], y[1400:]


class Reparam(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.rng = keras.random.SeedGenerator(9)

    def call(self, inputs):
        mu, logvar = inputs
        return mu + ops.exp(0.5 * logvar) * keras.random.normal(ops.shape(mu), seed=self.rng)


class VAE(keras.Model):
    def __init__(self, k=6):
        super().__init__()
        self.body = layers.Dense(96, activation="relu")
        self.mu, self.logvar = layers.Dense(k), layers.Dense(k, kernel_initializer="zeros")
        self.draw = Reparam()
        self.dec = keras.Sequential([layers.Dense(96, activation="relu"), layers.Dense(64)])
        self.beta = tf.Variable(0.0, trainable=False, name="beta")
        self.trackers = {n: keras.metrics.Mean(name=n) for n in ("elbo_loss", "recon", "kl")}

    @property
    def metrics(self):
        return list(self.trackers.values())

    def encode(self, x):
        h = self.body(x)
        return self.mu(h), self.logvar(h)

    def call(self, x):
        mu, logvar = self.encode(x)
        return self.dec(self.draw([mu, logvar])), mu, logvar

    def terms(self, x):
        logits, mu, logvar = self(x)
        recon = tf.reduce_mean(tf.reduce_sum(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1))
        kl = tf.reduce_mean(-0.5 * tf.reduce_sum(1 + logvar - mu ** 2 - tf.exp(logvar), axis=1))
        return recon, kl

    def note(self, recon, kl):
        for name, value in (("elbo_loss", recon + kl), ("recon", recon), ("kl", kl)):
            self.trackers[name].update_state(value)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, x):
        with tf.GradientTape() as tape:
            recon, kl = self.terms(x)
            loss = recon + self.beta * kl
        v = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, v), v))
        return self.note(recon, kl)

    def test_step(self, x):
        return self.note(*self.terms(x))


class Warmup(keras.callbacks.Callback):
    def __init__(self, over):
        super().__init__()
        self.over = over

    def on_epoch_begin(self, epoch, logs=None):
        self.model.beta.assign(min(1.0, (epoch + 1) / self.over))


vae = VAE()
vae.compile(optimizer=keras.optimizers.Adam(3e-3))
vae.fit(X_tr, epochs=25, batch_size=64, validation_data=(X_te,), callbacks=[Warmup(8)], verbose=2)

codes_tr, codes_te = vae.encode(X_tr)[0].numpy(), vae.encode(X_te)[0].numpy()
probe = LogisticRegression(max_iter=500).fit(codes_tr, y_tr)
rec = tf.sigmoid(vae.dec(codes_te)).numpy()
print("latent sd per axis", codes_te.std(0).round(2))
print(f"pixel mse {np.mean((rec - X_te) ** 2):.4f}  (mean digit: {np.mean((X_tr.mean(0) - X_te) ** 2):.4f})")
print(f"linear probe on {codes_te.shape[1]} latents: {probe.score(codes_te, y_te):.3f}")
