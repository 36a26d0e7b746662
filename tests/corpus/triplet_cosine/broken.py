import os
import random

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random.seed(2)
keras.utils.set_random_seed(2)

MARGIN = 0.3
DIM = 16


def similarity(a, b):
    return keras.losses.cosine_similarity(a, b, axis=-1)  # expect: loss-sign


class TripletModel(keras.Model):
    """fit() is fed with (anchor, positive, negative)"""

    def __init__(self, embedder, margin):
        super().__init__()
        self.embedder = embedder
        self.margin = margin
        self.tracker = keras.metrics.Mean(name="loss")
        self.active = keras.metrics.Mean(name="active_triplets")

    def call(self, x, training=False):
        return self.embedder(x, training=training)

    @property
    def metrics(self):
        return [self.tracker, self.active]

    def train_step(self, data):
        anchor, positive, negative = data
        with tf.GradientTape() as tape:
            a = self(anchor, training=True)
            p = self(positive, training=True)
            n = self(negative, training=True)
            gap = similarity(a, n) - similarity(a, p) + self.margin  # expect-or: loss-sign
            loss = ops.mean(ops.relu(gap))
        g = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(g, self.trainable_variables))
        self.tracker.update_state(loss)
        self.active.update_state(ops.cast(gap > 0, "float32"))
        return {m.name: m.result() for m in self.metrics}


def triplets(x, y, n):
    by_class = [np.flatnonzero(y == c) for c in range(10)]
    a, p, m = [], [], []
    for _ in range(n):
        c, other = random.sample(range(10), 2)
        i, j = random.sample(list(by_class[c]), 2)
        a.append(i)
        p.append(j)
        m.append(random.choice(list(by_class[other])))
    return tf.data.Dataset.from_tensor_slices((x[a], x[p], x[m])).batch(64)


def recall_at_1(model, x, y):
    z = model.predict(x, batch_size=200, verbose=0)
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    s = z @ z.T
    np.fill_diagonal(s, -np.inf)
    return np.mean(y[s.argmax(1)] == y)


with np.load("digits.npz") as f:
    x, y = f["images"][..., None].astype("float32") / 255, f["labels"]
x_tr, y_tr, x_te, y_te = x[:1200], y[:1200], x[1200:], y[1200:]

embedder = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 5, strides=2, activation="relu"),
    layers.Conv2D(16, 3, strides=2, activation="relu"),
    layers.Flatten(),
    layers.Dense(48, activation="relu"),
    layers.Dense(DIM),
])
model = TripletModel(embedder, MARGIN)
model.compile(optimizer=keras.optimizers.Adam(1e-3))

print("recall@1 before training: %.3f" % recall_at_1(model, x_te, y_te))
for round_ in range(4):
    hist = model.fit(triplets(x_tr, y_tr, 1600), verbose=0).history
    print("round %d  loss %.4f  active %.2f  recall@1 %.3f" % (
        round_ + 1, hist["loss"][-1], hist["active_triplets"][-1],
        recall_at_1(model, x_te, y_te)))
