"""Siamese network: do two small pictures show the same digit?"""
import math

import keras
import numpy as np
from keras import ops
from sklearn.datasets import load_digits

keras.utils.set_random_seed(12)


class Pairs(keras.utils.PyDataset):
    """Half of the pairs show the same digit, half show two different digits."""

    def __init__(self, images, digits, n_pairs, batch_size=64, seed=0, **kw):
        super().__init__(**kw)
        self.rng = np.random.default_rng(seed)
        self.batch_size = batch_size
        self.images = images
        by_digit = [np.flatnonzero(digits == d) for d in range(10)]
        left, right, same = [], [], []
        for k in range(n_pairs):
            d = self.rng.integers(10)
            e = d if k % 2 == 0 else (d + self.rng.integers(1, 10)) % 10
            left.append(self.rng.choice(by_digit[d]))
            right.append(self.rng.choice(by_digit[e]))
            same.append(float(d == e))
        self.left, self.right = np.array(left), np.array(right)
        self.same = np.array(same, "float32")
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.same) / self.batch_size)

    def __getitem__(self, i):
        window = slice(i * self.batch_size, (i + 1) * self.batch_size)
        rows = self.order[window]
        pair = (self.images[self.left[rows]], self.images[self.right[rows]])
        return pair, self.same[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.left))


def encoder():
    return keras.Sequential([
        keras.layers.Input((64,)),
        keras.layers.Dense(96, activation="relu"),
        keras.layers.Dense(32),
    ], name="encoder")


def contrastive(y, d, margin=1.0):
    y = ops.reshape(ops.cast(y, "float32"), (-1, 1))
    return ops.mean(y * ops.square(d) + (1 - y) * ops.square(ops.maximum(margin - d, 0.0)))


def within_half(y, d):
    y = ops.reshape(ops.cast(y, "float32"), (-1, 1))
    return ops.mean(ops.cast(ops.equal(y, ops.cast(d < 0.5, "float32")), "float32"))


x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
cut = 1300
enc = encoder()
a, b = keras.Input((64,)), keras.Input((64,))
gap = keras.layers.Lambda(
    lambda t: ops.sqrt(ops.sum(ops.square(t[0] - t[1]), axis=1, keepdims=True) + 1e-6),
    output_shape=(1,))([enc(a), enc(b)])
twin = keras.Model([a, b], gap)
twin.compile(keras.optimizers.Adam(2e-3), loss=contrastive, metrics=[within_half])

twin.fit(Pairs(x[:cut], y[:cut], 4000, seed=1), epochs=10, verbose=2)

# pairs for the test are made by hand so that they stay the same for every run
r = np.random.default_rng(99)
i, j = r.integers(cut, len(x), (2, 6000))
dist = twin.predict([x[i], x[j]], batch_size=500, verbose=0)[:, 0]
equal = y[i] == y[j]
print("mean distance, same digit      %.3f" % dist[equal].mean())
print("mean distance, different digits %.3f" % dist[~equal].mean())
balanced = 0.5 * (np.mean(dist[equal] < 0.5) + np.mean(dist[~equal] >= 0.5))
print("balanced accuracy at 0.5        %.3f" % balanced)
