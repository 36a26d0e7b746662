import numpy as np, tensorflow as tf, keras
from sklearn.datasets import load_digits
keras.utils.set_random_seed(64)

# Metric learning with triplets: digits are photographed next to a strip of
# static (64 random pixels, new in every photograph), and nearest neighbours in pixel space
# are often neighbours in static. The loss is the mean over the triplets that still violate
# the margin, so it stays near the margin while their NUMBER falls to almost none.

X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
order = np.random.default_rng(64).permutation(len(X))
X, y = X[order], y[order].astype(np.int32)
X_fit, y_fit, X_new, y_new = X[:1200], y[:1200], X[1200:], y[1200:]
MARGIN, K = 0.3, 6


def photograph(images, rng):
    static = rng.uniform(0, 1.5, images.shape).astype("float32")
    return np.concatenate([images, static], axis=1)


def batches(n):
    rng = np.random.default_rng(65)
    groups = [np.flatnonzero(y_fit == c) for c in range(10)]
    for _ in range(n):                                  # K images of each class, sorted by class
        rows = np.concatenate([rng.choice(g, K, replace=False) for g in groups])
        yield photograph(X_fit[rows], rng), y_fit[rows]


class UnitLength(keras.layers.Layer):
    def call(self, v):
        return tf.math.l2_normalize(v, axis=1)


embed = keras.Sequential([
    keras.layers.Input((128,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(16, use_bias=False),
    UnitLength(),
])


def active_triplets(e, labels):
    d2 = tf.maximum(2.0 - 2.0 * tf.matmul(e, e, transpose_b=True), 0.0)
    same = tf.equal(labels[:, None], labels[None, :])
    friend = same & ~tf.eye(tf.shape(labels)[0], dtype=tf.bool)
    valid = tf.cast(friend[:, :, None] & ~same[:, None, :], tf.float32)    # (anchor, friend, foe)
    hinge = tf.nn.relu(d2[:, :, None] - d2[:, None, :] + MARGIN) * valid
    active = tf.cast(hinge > 0, tf.float32)
    loss = tf.math.divide_no_nan(tf.reduce_sum(hinge), tf.reduce_sum(active))
    return loss, tf.reduce_sum(active) / tf.reduce_sum(valid)


opt = keras.optimizers.Adam(1e-3)


@tf.function
def step(x, labels):
    with tf.GradientTape() as tape:
        loss, busy = active_triplets(embed(x, training=True), labels)
    grads = tape.gradient(loss, embed.trainable_variables)
    opt.apply_gradients(zip(grads, embed.trainable_variables))
    return loss, busy


window = []
for i, (xb, lb) in enumerate(batches(700), start=1):
    window.append([float(v) for v in step(xb, lb)])
    if i in (1, 100, 200, 400, 700):
        loss, busy = np.mean(window[-50:], axis=0)
        print(f"{i:5d}  triplet loss {loss:.4f}  share of triplets with a loss {busy:.4f}")


def neighbour_accuracy(query, library):
    q = query / np.linalg.norm(query, axis=1, keepdims=True)
    g = library / np.linalg.norm(library, axis=1, keepdims=True)
    return np.mean(y_fit[(q @ g.T).argmax(1)] == y_new)


eyes = np.random.default_rng(66)
library, query = photograph(X_fit, eyes), photograph(X_new, eyes)
print(f"nearest neighbour of an unseen photograph has the right class: "
      f"pixels {neighbour_accuracy(query, library):.3f}, "
      f"embedding {neighbour_accuracy(embed(query).numpy(), embed(library).numpy()):.3f}")
