import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

keras.utils.set_random_seed(11)

X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)


def make_pairs(X, y, n, rng):
    """half of the pairs share a class, half do not"""
    by_class = [np.flatnonzero(y == k) for k in range(10)]
    left = rng.integers(0, len(y), n)
    same = rng.random(n) < 0.5
    right = np.empty(n, int)
    for i in range(n):
        k = y[left[i]]
        if not same[i]:
            k = (k + rng.integers(1, 10)) % 10
        right[i] = rng.choice(by_class[k])
    return X[left], X[right], same.astype("float32")


class Siamese(keras.Model):
    def __init__(self, dim=8, margin=1.0):
        super().__init__()
        self.margin = margin
        self.net = keras.Sequential([
            layers.GaussianNoise(0.1),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(dim),
            layers.UnitNormalization(),
        ])
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.pair_acc = keras.metrics.Mean(name="pair_acc")

    def call(self, x):
        return self.net(x)

    @property
    def metrics(self):
        return [self.loss_tracker, self.pair_acc]

    def _contrast(self, a, b, same, training):
        za, zb = self.net(a, training=training), self.net(b, training=training)
        d2 = ops.sum(ops.square(za - zb), axis=1)
        d = ops.sqrt(d2 + 1e-9)
        loss = same * d2 + (1 - same) * ops.square(ops.maximum(self.margin - d, 0.0))
        hit = ops.cast(ops.equal(d < self.margin / 2, same > 0.5), "float32")
        return ops.mean(loss), hit

    def train_step(self, data):
        (a, b), same = data
        with tf.GradientTape() as tape:
            loss, hit = self._contrast(a, b, same, True)
        w = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, w), w))
        self.loss_tracker.update_state(loss)
        self.pair_acc.update_state(hit)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        (a, b), same = data
        loss, hit = self._contrast(a, b, same, False)
        self.loss_tracker.update_state(loss)
        self.pair_acc.update_state(hit)
        return {m.name: m.result() for m in self.metrics}


rng = np.random.default_rng(5)
La, Ra, Sa = make_pairs(Xa, ya, 8000, rng)
Lb, Rb, Sb = make_pairs(Xb, yb, 1500, rng)

siam = Siamese()
siam.compile(optimizer=keras.optimizers.Adam(2e-3))
siam.fit((La, Ra), Sa, validation_data=((Lb, Rb), Sb), epochs=10, batch_size=64, verbose=2)

ea, eb = siam.predict(Xa, verbose=0), siam.predict(Xb, verbose=0)
knn = KNeighborsClassifier(5).fit(ea, ya)
print("embedding shape", ea.shape, "norm of the first:", float(np.linalg.norm(ea[0])))
print("5-NN on embeddings, held-out accuracy: %.3f" % knn.score(eb, yb))
