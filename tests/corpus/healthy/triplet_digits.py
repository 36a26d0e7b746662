"""Metric learning: triplets of handwritten digits, then nearest neighbours in the embedding."""
import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

keras.utils.set_random_seed(44)
MARGIN = 0.5
bunch = load_digits()
x = bunch.images.astype("float32")[..., None] / 16
y = bunch.target
idx = np.random.RandomState(44).permutation(len(x))
x, y = x[idx], y[idx]
xtr, ytr, xte, yte = x[:1200], y[:1200], x[1200:], y[1200:]


class Triplets(keras.utils.PyDataset):
    """(anchor, same digit, other digit), drawn anew each epoch."""

    def __init__(self, x, y, batch, batches, **kw):
        super().__init__(**kw)
        self.x, self.y, self.batch, self.batches = x, y, batch, batches
        self.rng = np.random.default_rng(1)
        self.by_class = [np.flatnonzero(y == c) for c in range(10)]

    def __len__(self):
        return self.batches

    def __getitem__(self, i):
        a = self.rng.integers(len(self.x), size=self.batch)
        p = np.array([self.rng.choice(self.by_class[self.y[j]]) for j in a])
        other = (self.y[a] + self.rng.integers(1, 10, size=self.batch)) % 10
        n = np.array([self.rng.choice(self.by_class[c]) for c in other])
        dummy = np.zeros((self.batch, 1), "float32")
        return (self.x[a], self.x[p], self.x[n]), dummy


def tower():
    i = keras.Input((8, 8, 1))
    h = keras.layers.Conv2D(16, 3, activation="relu")(i)
    h = keras.layers.Conv2D(32, 3, activation="relu")(h)
    h = keras.layers.Flatten()(h)
    h = keras.layers.Dense(16)(h)
    return keras.Model(i, keras.layers.UnitNormalization()(h), name="tower")


embed = tower()
a, p, n = (keras.Input((8, 8, 1), name=s) for s in ("anchor", "positive", "negative"))
both = keras.layers.Concatenate(axis=-1)([embed(a), embed(p), embed(n)])
siamese = keras.Model([a, p, n], both)


def triplet_loss(_, stacked):
    ea, ep, en = tf.split(stacked, 3, axis=-1)
    d_ap = tf.reduce_sum(tf.square(ea - ep), axis=-1)
    d_an = tf.reduce_sum(tf.square(ea - en), axis=-1)
    return tf.maximum(d_ap - d_an + MARGIN, 0.0)


def one_nn():
    z_tr, z_te = embed.predict(xtr, verbose=0), embed.predict(xte, verbose=0)
    return (KNeighborsClassifier(1).fit(z_tr, ytr).score(z_te, yte),
            np.mean(np.linalg.norm(z_te[:, None] - z_te[None], axis=-1)[yte[:, None] == yte[None]]),
            np.mean(np.linalg.norm(z_te[:, None] - z_te[None], axis=-1)[yte[:, None] != yte[None]]))


_, same0, other0 = one_nn()
siamese.compile(keras.optimizers.Adam(1e-3), loss=triplet_loss)
siamese.fit(Triplets(xtr, ytr, 64, 40), epochs=12, verbose=2)
acc, same, other = one_nn()
print(f"distance other/same digit: before {other0 / same0:.2f}, after {other / same:.2f}")
print(f"1-nn accuracy on the embedding {acc:.3f}, chance {np.bincount(yte).max() / len(yte):.3f}")
