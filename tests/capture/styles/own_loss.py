"""A loss and a metric of the script itself."""

import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(99)

class HuberLike(keras.losses.Loss):
    """Pseudo-Huber."""
    def __init__(self, delta=1.0, name="pseudo_huber", **kw):
        super().__init__(name=name, **kw)
        self.delta = delta

    def call(self, y_true, y_pred):
        y_true = tf.cast(y_true, y_pred.dtype)
        e = (y_true - y_pred) / self.delta
        return tf.reduce_mean(self.delta ** 2 * (tf.sqrt(1.0 + tf.square(e)) - 1.0), axis=-1)

class WithinTenth(keras.metrics.Metric):
    def __init__(self, name="within", **kw):
        super().__init__(name=name, **kw)
        self.hits = self.add_weight(name="hits", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        ok = tf.cast(tf.abs(tf.cast(y_true, y_pred.dtype) - y_pred) < 0.1, tf.float32)
        self.hits.assign_add(tf.reduce_sum(ok))
        self.count.assign_add(tf.cast(tf.size(ok), tf.float32))

    def result(self):
        return self.hits / self.count

rng = np.random.default_rng(1)
x = rng.uniform(-1, 1, (2000, 3)).astype("float32")
y = np.stack([np.sin(3 * x[:, 0]) + x[:, 1] ** 2, x[:, 2] * x[:, 0]], axis=1).astype("float32")
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(2)])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=HuberLike(0.5), metrics=[WithinTenth()])
h = model.fit(x, y, batch_size=40, epochs=1, validation_split=.1, verbose=0)
print({k: repr(v[-1]) for k, v in h.history.items()})
