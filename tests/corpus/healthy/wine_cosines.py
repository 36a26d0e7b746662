"""
Ordinal grades with random cosine features (Rahimi & Recht): the first layer is drawn
once and stays as it is, the head answers "is the grade above k?" for k = 0..3.
"""
import keras
import numpy as np
import tensorflow as tf
from keras import ops

GRADES = 5


def tasting_notes(n, rng):
    x = rng.normal(size=(n, 6)).astype("float32")
    quality = 1.2 * np.sin(1.3 * x[:, 0]) + 0.9 * x[:, 1] - 0.5 * x[:, 2] ** 2 + 0.6 * x[:, 3]
    quality += rng.normal(0, 0.2, n)
    edges = np.array([-1.5, -0.6, 0.1, 0.9])
    return x, np.digitize(quality, edges)


def thermometer(grade):
    return (grade[:, None] > np.arange(GRADES - 1)).astype("float32")


class CosineFeatures(keras.layers.Layer):
    def __init__(self, n_features, bandwidth, seed, **kw):
        super().__init__(trainable=False, **kw)
        self.n, self.bandwidth, self.seed = n_features, bandwidth, seed

    def build(self, shape):
        g = keras.initializers.RandomNormal(0.0, 1.0 / self.bandwidth, seed=self.seed)
        u = keras.initializers.RandomUniform(0.0, 2 * np.pi, seed=self.seed + 1)
        self.omega = self.add_weight(shape=(shape[-1], self.n), initializer=g, name="omega")
        self.phase = self.add_weight(shape=(self.n,), initializer=u, name="phase")

    def call(self, x):
        return ops.cos(x @ self.omega + self.phase)


class GradeAccuracy(keras.metrics.Mean):
    def update_state(self, y, p, sample_weight=None):
        guess = ops.sum(ops.cast(p > 0, "int32"), axis=1)
        truth = ops.cast(ops.sum(y, axis=1), "int32")
        return super().update_state(ops.cast(guess == truth, "float32"))


class GradeDistance(keras.metrics.Mean):
    def update_state(self, y, p, sample_weight=None):
        guess = ops.sum(ops.cast(p > 0, "float32"), axis=1)
        return super().update_state(ops.abs(guess - ops.sum(y, axis=1)))


keras.utils.set_random_seed(50)
rng = np.random.default_rng(50)
x, g = tasting_notes(4600, rng)
xv, gv = x[4000:], g[4000:]
x, g = x[:4000], g[:4000]
print("grades in training:", np.bincount(g, minlength=GRADES))

inp = keras.Input((6,))
phi = CosineFeatures(300, bandwidth=3.0, seed=9, name="cosines")(inp)
out = keras.layers.Dense(GRADES - 1, kernel_initializer="zeros", name="above")(phi)
model = keras.Model(inp, out)
model.compile(
    optimizer=keras.optimizers.SGD(0.8, momentum=0.9),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[GradeAccuracy(name="exact"), GradeDistance(name="off_by")],
)
model.summary(print_fn=lambda s: print(s) if "params" in s else None)

lower = keras.callbacks.LearningRateScheduler(lambda e: 0.8 * 0.85 ** e)
model.fit(x, thermometer(g), batch_size=100, epochs=14, verbose=2,
          validation_data=(xv, thermometer(gv)), callbacks=[lower])
