import numpy as np, tensorflow as tf
from sklearn.datasets import make_moons
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(0)

# RealNVP on two moons. The conditioner nets end in a layer of zeros, so that the flow
# starts as the identity; even couplings pass x1 through, odd ones x0 (masked inputs).


class Coupling(tf.keras.layers.Layer):
    def __init__(self, mask, width=64):
        super().__init__()
        self.mask = tf.constant([mask], tf.float32)
        self.net = tf.keras.Sequential([
            tf.keras.layers.Dense(width, "relu"),
            tf.keras.layers.Dense(width, "relu"),
            tf.keras.layers.Dense(4, kernel_initializer="zeros", bias_initializer="zeros"),
        ])

    def scale_shift(self, fixed):
        s, t = tf.split(self.net(fixed), 2, axis=1)
        free = 1.0 - self.mask
        return 2.0 * tf.tanh(s / 2.0) * free, t * free

    def call(self, x):                      # data -> noise
        s, t = self.scale_shift(x * self.mask)
        return x * tf.exp(s) + t, tf.reduce_sum(s, axis=1)

    def inverse(self, z):                   # noise -> data
        s, t = self.scale_shift(z * self.mask)
        return (z - t) * tf.exp(-s)


class Flow(tf.keras.Model):
    def __init__(self, depth=8):
        super().__init__()
        self.couplings = [Coupling([1, 0] if i % 2 else [0, 1]) for i in range(depth)]
        self.nats = tf.keras.metrics.Mean(name="nll")

    def log_prob(self, x):
        total = 0.0
        for c in self.couplings:
            x, logdet = c(x)
            total += logdet
        return total - 0.5 * tf.reduce_sum(x ** 2, axis=1) - np.log(2 * np.pi)

    def call(self, x):
        return self.log_prob(x)

    def sample(self, n):
        z = tf.random.normal((n, 2))
        for c in reversed(self.couplings):
            z = c.inverse(z)
        return z

    @property
    def metrics(self):
        return [self.nats]

    def train_step(self, x):
        with tf.GradientTape() as tape:
            nll = -tf.reduce_mean(self.log_prob(x))
        g = tape.gradient(nll, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.nats.update_state(nll)
        return {"nll": self.nats.result()}

    def test_step(self, x):
        self.nats.update_state(-tf.reduce_mean(self.log_prob(x)))
        return {"nll": self.nats.result()}


scaler = StandardScaler()
data = scaler.fit_transform(make_moons(8000, noise=0.06, random_state=1)[0]).astype("float32")
fresh = scaler.transform(make_moons(2000, noise=0.06, random_state=2)[0]).astype("float32")

flow = Flow()
flow(data[:2])
flow.compile(optimizer=tf.keras.optimizers.Adam(
    tf.keras.optimizers.schedules.CosineDecay(6e-3, 50 * 32)))
batches = tf.data.Dataset.from_tensor_slices(data).shuffle(8000, seed=3).batch(250)
log = flow.fit(batches, epochs=50, verbose=0,
               validation_data=tf.data.Dataset.from_tensor_slices(fresh).batch(500))

h = log.history
print("nll  " + "  ".join(f"{v:.3f}" for v in h["nll"][::7]))
print("val  " + "  ".join(f"{v:.3f}" for v in h["val_nll"][::7]))
# distance of samples from the nearest clean moon point
clean = scaler.transform(make_moons(1000, noise=0.0)[0])
drawn = flow.sample(500).numpy()
far = np.sqrt(((drawn[:, None] - clean[None]) ** 2).sum(-1)).min(1)
print(f"a plain Gaussian would have {0.5 * np.log((2 * np.pi * np.e) ** 2 * np.linalg.det(np.cov(data.T))):.3f} nats")
print(f"flow, unseen points: {h['val_nll'][-1]:.3f} nats; samples off the moons: {np.mean(far > 0.3):.3f}")
