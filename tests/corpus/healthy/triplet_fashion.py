# Metric learning: the network has no classifier, only a 24-d unit-length embedding.
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.datasets import fashion_mnist

keras.utils.set_random_seed(5)
(x_tr, y_tr), (x_te, y_te) = fashion_mnist.load_data()
x_tr = x_tr[:2000, ..., None].astype("float32") / 255.0
x_te = x_te[:500, ..., None].astype("float32") / 255.0
y_tr, y_te = y_tr[:2000].astype("int32"), y_te[:500].astype("int32")


class PKBatches(keras.utils.PyDataset):
    """Every batch holds P=10 classes with K=6 pictures each."""

    def __init__(self, x, y, k=6, length=25, **kw):
        super().__init__(**kw)
        self.x, self.k, self.length = x, k, length
        self.rows = [np.flatnonzero(y == c) for c in range(10)]
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return self.length

    def __getitem__(self, _):
        pick = np.concatenate([self.rng.choice(r, self.k, replace=False) for r in self.rows])
        imgs = self.x[pick]
        if self.rng.random() < 0.5:
            imgs = imgs[:, :, ::-1]
        dx, dy = self.rng.integers(-2, 3, 2)
        return np.roll(imgs, (dy, dx), axis=(1, 2)), np.repeat(np.arange(10), self.k)


def all_triplets(labels, emb, margin=0.3):
    labels = tf.reshape(tf.cast(labels, tf.int32), [-1])
    dist = 2.0 - 2.0 * tf.matmul(emb, emb, transpose_b=True)
    same = tf.equal(labels[:, None], labels[None, :])
    pos = tf.cast(same, tf.float32) - tf.eye(tf.shape(labels)[0])
    neg = tf.cast(~same, tf.float32)
    # (anchor, positive, negative)
    gap = dist[:, :, None] - dist[:, None, :] + margin
    valid = pos[:, :, None] * neg[:, None, :]
    return tf.reduce_sum(tf.maximum(gap * valid, 0.0)) / tf.reduce_sum(valid)


inp = keras.Input((28, 28, 1))
h = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(inp)
h = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(h)
h = layers.Conv2D(32, 3, padding="same", activation="relu")(h)
h = layers.AveragePooling2D(2)(h)
h = layers.Flatten()(h)
h = layers.Dropout(0.25)(h)
h = layers.Dense(24)(h)
out = layers.UnitNormalization()(h)
embed = keras.Model(inp, out, name="embedder")

embed.compile(optimizer=keras.optimizers.Adam(2e-3), loss=all_triplets)


def knn_accuracy(k=7):
    gallery, probe = embed.predict(x_tr, verbose=0), embed.predict(x_te, verbose=0)
    near = np.argsort(-probe @ gallery.T, axis=1)[:, :k]
    votes = np.apply_along_axis(np.bincount, 1, y_tr[near], minlength=10)
    return float(np.mean(votes.argmax(1) == y_te))


def pair_auc():
    e = embed.predict(x_te, verbose=0)
    i, j = np.triu_indices(len(e), 1)
    sim, same = (e @ e.T)[i, j], y_te[i] == y_te[j]
    ranks = sim.argsort().argsort() + 1
    n1, n0 = same.sum(), (~same).sum()
    return float((ranks[same].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


print("untrained: kNN %.3f, same/different AUC %.3f" % (knn_accuracy(), pair_auc()))
embed.fit(PKBatches(x_tr, y_tr), epochs=12, verbose=2)
print("trained  : kNN %.3f, same/different AUC %.3f" % (knn_accuracy(), pair_auc()))
