"""Bearing condition from short vibration windows (1-D CNN, own training loop)."""
from functools import partial

import numpy as np
import tensorflow as tf

L = tf.keras.layers
CONDITIONS = ("healthy", "inner", "outer", "ball")
RNG = np.random.default_rng(0)


def record(n):
    t = np.arange(64) / 64.0
    kind = RNG.integers(0, len(CONDITIONS), n)
    freq = np.array([3.0, 7.0, 12.0, 18.0])[kind] + RNG.normal(0, 0.4, n)
    phase = RNG.uniform(0, 2 * np.pi, n)
    wave = np.sin(2 * np.pi * freq[:, None] * t + phase[:, None])
    wave = wave + 0.4 * RNG.normal(size=wave.shape)
    return wave[..., None].astype("float32"), kind.astype("int64")


class VibrationNet(tf.keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = L.Conv1D(16, 9, strides=2, activation="relu")
        self.conv2 = L.Conv1D(24, 5, strides=2, activation="relu")
        self.pool = L.GlobalMaxPooling1D()
        self.norm = L.BatchNormalization(momentum=0.9)
        self.head = L.Dense(classes)

    def call(self, x, training=None):
        h = self.pool(self.conv2(self.conv1(x)))
        return self.head(self.norm(h, training=training))


class Monitor:
    """Takes one window at a time, as the machine on the shop floor does."""

    def __init__(self, net, **kw):
        self.score = partial(net, **kw)

    def __call__(self, window):
        return int(tf.argmax(self.score(window[None]), axis=-1)[0])


class Trainer:
    def __init__(self, net, lr=3e-3):
        self.net = net
        self.opt = tf.keras.optimizers.Adam(lr)
        self.loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.mode = dict(training=True)

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            value = self.loss(y, self.net(x, **self.mode))
        grads = tape.gradient(value, self.net.trainable_variables)
        self.opt.apply_gradients(zip(grads, self.net.trainable_variables))
        return value

    def run(self, ds, epochs):
        for epoch in range(epochs):
            total = [float(self.step(x, y)) for x, y in ds]
            print(f"epoch {epoch}: loss {np.mean(total):.4f}")

    def monitor(self):
        return Monitor(self.net, training=False)


tf.keras.utils.set_random_seed(1)
x, y = record(1500)
ds = tf.data.Dataset.from_tensor_slices((x[:1400], y[:1400])).shuffle(1400).batch(50)
trainer = Trainer(VibrationNet(len(CONDITIONS)))
trainer.run(ds, epochs=8)
monitor = trainer.monitor()
calls = np.array([monitor(w) for w in x[1400:]])
print("share of correct calls: %.3f" % (calls == y[1400:]).mean())
