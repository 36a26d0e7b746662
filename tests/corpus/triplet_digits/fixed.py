"""Digit embeddings with a triplet loss; scored by nearest-neighbour retrieval."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(7)
EMB = 16
MARGIN = 0.4


class TripletNet(tf.keras.Model):
    def __init__(self, encoder, margin):
        super().__init__()
        self.encoder = encoder
        self.margin = margin
        self.tracker = tf.keras.metrics.Mean(name="loss")
        self.active = tf.keras.metrics.Mean(name="active")

    @property
    def metrics(self):
        return [self.tracker, self.active]

    def call(self, x, training=False):
        z = self.encoder(x, training=training)
        return tf.math.l2_normalize(z, axis=-1)

    def train_step(self, batch):
        anchor, pos, neg = batch
        with tf.GradientTape() as tape:
            a = self(anchor, training=True)
            p = self(pos, training=True)
            n = self(neg, training=True)
            d_pos = tf.reduce_sum(tf.square(a - p), axis=-1)
            d_neg = tf.reduce_sum(tf.square(a - n), axis=-1)
            hinge = tf.maximum(d_pos - d_neg + self.margin, 0.0)
            loss = tf.reduce_mean(hinge)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.tracker.update_state(loss)
        self.active.update_state(tf.cast(hinge > 0, tf.float32))
        return {m.name: m.result() for m in self.metrics}


def sample_triplets(x, y, n, rng):
    by_class = [np.flatnonzero(y == c) for c in range(10)]
    a_idx = rng.integers(0, len(x), n)
    p_idx = np.array([rng.choice(by_class[y[i]]) for i in a_idx])
    n_idx = np.empty(n, dtype=int)
    for k, i in enumerate(a_idx):
        j = rng.integers(0, len(x))
        while y[j] == y[i]:
            j = rng.integers(0, len(x))
        n_idx[k] = j
    return x[a_idx], x[p_idx], x[n_idx]


def recall_at_1(emb, labels):
    sims = emb @ emb.T
    np.fill_diagonal(sims, -np.inf)
    return float(np.mean(labels[sims.argmax(1)] == labels))


digits = load_digits()
X = (digits.data / 16.0).astype("float32")
xtr, xte, ytr, yte = train_test_split(
    X, digits.target, test_size=0.3, random_state=0, stratify=digits.target)

rng = np.random.default_rng(0)
triplets = sample_triplets(xtr, ytr, 4000, rng)
ds = tf.data.Dataset.from_tensor_slices(triplets).shuffle(4000, seed=1).batch(64)

encoder = tf.keras.Sequential([
    tf.keras.layers.Dense(96, activation="relu"),
    tf.keras.layers.Dense(EMB),
])
net = TripletNet(encoder, MARGIN)
net.compile(optimizer=tf.keras.optimizers.Adam(1e-3))
hist = net.fit(ds, epochs=12, verbose=2)

z = net.predict(xte, verbose=0)
print("recall@1 on held-out digits: %.3f" % recall_at_1(z, yte))
centroids = np.stack([net.predict(xtr[ytr == c], verbose=0).mean(0) for c in range(10)])
pred = ((z[:, None] - centroids[None]) ** 2).sum(-1).argmin(1)
print("nearest centroid accuracy:   %.3f" % np.mean(pred == yte))
