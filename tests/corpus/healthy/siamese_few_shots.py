import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

# Verification: are two scans the same digit? Classes 7, 8 and 9 are never seen in training.
tf.keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)
MARGIN = 1.0

images, labels = load_digits(return_X_y=True)
images = (images / 16.0).astype("float32").reshape(-1, 8, 8, 1)
shuffle = rng.permutation(len(images))
images, labels = images[shuffle], labels[shuffle]
seen = labels < 7
tr_x, tr_y = images[seen][:950], labels[seen][:950]
te_x, te_y = images[seen][950:], labels[seen][950:]
new_x, new_y = images[~seen], labels[~seen]


def make_pairs(x, y, n):
    groups = [np.flatnonzero(y == c) for c in np.unique(y)]
    left, right, same = [], [], []
    for i in range(n):
        if i % 2 == 0:
            g = groups[rng.integers(len(groups))]
            a, b = rng.choice(g, 2, replace=False)
        else:
            g1, g2 = rng.choice(len(groups), 2, replace=False)
            a, b = rng.choice(groups[g1]), rng.choice(groups[g2])
        left.append(a)
        right.append(b)
        same.append(float(i % 2 == 0))
    return x[left], x[right], np.array(same, "float32")


def tower():
    return tf.keras.Sequential([
        tf.keras.Input((8, 8, 1)),
        tf.keras.layers.Conv2D(16, 3, activation="relu", padding="same"),
        tf.keras.layers.MaxPooling2D(),
        tf.keras.layers.Conv2D(32, 3, activation="relu", padding="same"),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(16),
        tf.keras.layers.UnitNormalization(),
    ], name="tower")


class Distance(tf.keras.layers.Layer):
    def call(self, a, b):
        return tf.sqrt(tf.reduce_sum(tf.square(a - b), axis=1, keepdims=True) + 1e-9)


def contrastive(same, d):
    same = tf.reshape(same, tf.shape(d))
    return tf.reduce_mean(same * d ** 2 + (1 - same) * tf.maximum(MARGIN - d, 0.0) ** 2)


def pair_accuracy(same, d):
    return tf.reduce_mean(tf.cast((tf.reshape(d, [-1]) < MARGIN / 2) == (tf.reshape(same, [-1]) > 0.5), tf.float32))


shared = tower()
in_a, in_b = tf.keras.Input((8, 8, 1)), tf.keras.Input((8, 8, 1))
siamese = tf.keras.Model([in_a, in_b], Distance()(shared(in_a), shared(in_b)))
siamese.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss=contrastive, metrics=[pair_accuracy])

val = make_pairs(te_x, te_y, 600)
for epoch in range(8):
    a, b, s = make_pairs(tr_x, tr_y, 3000)
    h = siamese.fit([a, b], s, batch_size=64, verbose=0, validation_data=([val[0], val[1]], val[2])).history
    print("epoch %2d  loss %.4f  acc %.3f | unseen scans loss %.4f acc %.3f" % (
        epoch + 1, h["loss"][0], h["pair_accuracy"][0], h["val_loss"][0], h["val_pair_accuracy"][0]))

e_tr, e_te = shared.predict(tr_x, verbose=0), shared.predict(te_x, verbose=0)
near = ((e_te[:, None] - e_tr[None]) ** 2).sum(-1).argmin(1)
print("1-nearest-neighbour accuracy on seen classes: %.3f" % np.mean(tr_y[near] == te_y))
e = shared.predict(new_x, verbose=0)
d = ((e[:, None] - e[None]) ** 2).sum(-1) + 1e9 * np.eye(len(e))
print("1-nearest-neighbour accuracy on classes 7, 8, 9 (never trained): %.3f" % np.mean(new_y[d.argmin(1)] == new_y))
