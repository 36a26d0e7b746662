import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import make_moons

keras.utils.set_random_seed(64)
data, _ = make_moons(3000, noise=0.06, random_state=64)
data = ((data - data.mean(0)) / data.std(0)).astype("float32")
train, test = data[:2500], data[2500:]


class Coupling(keras.layers.Layer):
    def __init__(self, flip, hidden=48):
        super().__init__()
        self.flip = flip
        self.net = keras.Sequential([
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(2, kernel_initializer="zeros"),
        ])

    def build(self, shape):
        self.net.build((None, 1))
        super().build(shape)

    def call(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = tf.split(self.net(a), 2, axis=1)
        s = 2.0 * tf.tanh(s / 2.0)
        b = b * tf.exp(s) + t
        return (tf.concat([b, a], 1) if self.flip else tf.concat([a, b], 1)), s[:, 0]


class Flow(keras.Model):
    def __init__(self, n):
        super().__init__()
        self.mean_nll = keras.metrics.Mean(name="nll")
        self.steps = [Coupling(i % 2 == 1) for i in range(n)]

    @property
    def metrics(self):
        return [self.mean_nll]

    def call(self, x):
        logdet = 0.0
        for st in self.steps:
            x, s = st(x)
            logdet += s
        return -0.5 * tf.reduce_sum(x * x, 1) - np.log(2 * np.pi) + logdet

    def train_step(self, x):
        with tf.GradientTape() as tape:
            nll = -tf.reduce_mean(self(x))
        self.optimizer.apply(tape.gradient(nll, self.trainable_variables), self.trainable_variables)
        self.mean_nll.update_state(nll)
        return {"nll": self.mean_nll.result()}

    def test_step(self, x):
        self.mean_nll.update_state(-self(x))
        return {"nll": self.mean_nll.result()}


flow = Flow(8)
flow(train[:2])
flow.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, 25 * 25), clipnorm=1.0))
h = flow.fit(tf.data.Dataset.from_tensor_slices(train).shuffle(2500).batch(100), epochs=25, verbose=0,
             validation_data=tf.data.Dataset.from_tensor_slices(test).batch(500))
print("val nll by epoch:", np.round(h.history["val_nll"][::4], 3), round(h.history["val_nll"][-1], 3))
c = np.cov(train.T)
q = test - train.mean(0)
print("one Gaussian:", 0.5 * (np.einsum("ni,ij,nj->n", q, np.linalg.inv(c), q).mean() + np.log(np.linalg.det(c)) + 2 * np.log(2 * np.pi)))
