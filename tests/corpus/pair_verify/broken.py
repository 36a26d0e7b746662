import numpy as np
import tensorflow as tf
from sklearn.metrics import roc_auc_score
from tensorflow import keras

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)

(tr_img, tr_lab), (te_img, te_lab) = keras.datasets.fashion_mnist.load_data()
tr_img, te_img = tr_img[:2000], te_img[:500]
tr_lab, te_lab = tr_lab[:2000].ravel(), te_lab[:500].ravel()
flat = lambda im: im.reshape(len(im), -1).astype("float32") / 255.0
tr_img, te_img = flat(tr_img), flat(te_img)


class Encoder(keras.Model):
    """Garment picture -> 12 numbers."""

    def __init__(self):
        super().__init__()
        self.a = keras.layers.Dense(128, activation="relu")
        self.b = keras.layers.Dense(48, activation="relu")
        self.c = keras.layers.Dense(12, activation="relu")

    def call(self, x):
        return self.c(self.b(self.a(x)))


def sample_pairs(labels, n):
    """Half of the pairs from one class, half from two."""
    left = rng.integers(0, len(labels), n)
    same = rng.random(n) < 0.5
    right = np.empty(n, dtype=int)
    for k in range(n):
        pool = np.flatnonzero((labels == labels[left[k]]) == same[k])
        right[k] = rng.choice(pool)
    return left, right, same.astype("float32")


def contrastive(za, zb, same, margin=1.0):
    d2 = tf.reduce_sum(tf.square(za - zb), axis=1)
    d = tf.sqrt(d2 + 1e-9)
    return tf.reduce_mean(same * d2 + (1.0 - same) * tf.square(tf.maximum(margin - d, 0.0)))


def verify(encoder, projector):
    left, right, same = sample_pairs(te_lab, 1500)
    z = projector(encoder(te_img)).numpy()
    return roc_auc_score(same, -np.linalg.norm(z[left] - z[right], axis=1))


encoder = Encoder()  # expect-or: gradient-disconnected
projector = keras.Sequential([keras.Input((12,)), keras.layers.Dense(8)])
optimizer = keras.optimizers.Adam(2e-3)
weights = encoder.trainable_weights + projector.trainable_weights  # expect: gradient-disconnected

running = []
for it in range(1, 201):
    left, right, same = sample_pairs(tr_lab, 96)
    with tf.GradientTape() as tape:
        za = projector(encoder(tr_img[left]))
        zb = projector(encoder(tr_img[right]))
        loss = contrastive(za, zb, same)
    grads = tape.gradient(loss, weights)  # expect-or: gradient-disconnected
    optimizer.apply_gradients(zip(grads, weights))  # expect-or: update-missing
    running.append(float(loss))
    if it % 50 == 0:
        print(f"it {it:4d}: contrastive loss {np.mean(running[-50:]):.4f}")

print(f"verification AUC: {verify(encoder, projector):.3f}")
