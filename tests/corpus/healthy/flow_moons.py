"""RealNVP density estimation on the two-moons set (2-D, exact likelihood)."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import make_moons

keras.utils.set_random_seed(11)


class Coupling(layers.Layer):
    """Affine coupling: one coordinate passes through, the other is scaled and shifted."""

    def __init__(self, keep, width=48):
        super().__init__()
        mask = np.zeros(2, "float32")
        mask[keep] = 1.0
        self.mask = mask
        self.h1 = layers.Dense(width, activation="silu")
        self.h2 = layers.Dense(width, activation="silu")
        # zero head: every coupling starts as the identity map
        self.head = layers.Dense(4, kernel_initializer="zeros")

    def _params(self, kept):
        s, t = tf.split(self.head(self.h2(self.h1(kept))), 2, axis=-1)
        free = 1.0 - self.mask
        return tf.tanh(s) * free, t * free

    def call(self, x):
        s, t = self._params(x * self.mask)
        return x * tf.exp(s) + t, tf.reduce_sum(s, -1)

    def inverse(self, z):
        s, t = self._params(z * self.mask)
        return (z - t) * tf.exp(-s)


class Flow(keras.Model):
    def __init__(self, depth=8):
        super().__init__()
        self.blocks = [Coupling(i % 2) for i in range(depth)]
        self.nll = keras.metrics.Mean(name="nll")

    @property
    def metrics(self):
        return [self.nll]

    def call(self, x):
        logdet = tf.zeros_like(x[:, 0])
        for b in self.blocks:
            x, ld = b(x)
            logdet += ld
        return x, logdet

    def log_prob(self, x):
        z, logdet = self(x)
        base = -0.5 * tf.reduce_sum(z ** 2, -1) - np.float32(np.log(2 * np.pi))
        return base + logdet

    def train_step(self, x):
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(self.log_prob(x))
        g = tape.gradient(loss, self.trainable_variables)
        g, _ = tf.clip_by_global_norm(g, 1.0)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.nll.update_state(loss)
        return {"nll": self.nll.result()}

    def test_step(self, x):
        self.nll.update_state(-tf.reduce_mean(self.log_prob(x)))
        return {"nll": self.nll.result()}

    def sample(self, n):
        z = tf.random.normal((n, 2))
        for b in reversed(self.blocks):
            z = b.inverse(z)
        return z.numpy()


def draw(n, seed):
    return make_moons(n, noise=0.06, random_state=seed)[0].astype("float32")


x_train, x_val = draw(4000, 0), draw(1000, 1)
mu, sd = x_train.mean(0), x_train.std(0)
x_train, x_val = (x_train - mu) / sd, (x_val - mu) / sd

cov = np.cov(x_train.T)
d = x_val - x_train.mean(0)
gauss = 0.5 * np.mean(np.sum(d @ np.linalg.inv(cov) * d, 1)) + 0.5 * np.log(np.linalg.det(cov)) + np.log(2 * np.pi)
print(f"single-Gaussian validation NLL: {gauss:.3f} nats")

flow = Flow()
steps = 40 * (len(x_train) // 200)
flow.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(
    1e-4, steps, alpha=0.02, warmup_target=2e-3, warmup_steps=60)))
flow.fit(x_train, validation_data=(x_val,), batch_size=200, epochs=40, verbose=2)

z, _ = flow(x_val)
back = z
for b in reversed(flow.blocks):
    back = b.inverse(back)
print("max inversion error:", float(tf.reduce_max(tf.abs(back - x_val))))
s = flow.sample(1000)
dist = np.sqrt(((s[:, None] - x_val[None]) ** 2).sum(-1)).min(1)
print("median distance of a sample to the nearest held-out point:", round(float(np.median(dist)), 3))
