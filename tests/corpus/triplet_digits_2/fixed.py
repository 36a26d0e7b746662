"""Siamese embedding of the digits with a triplet margin loss."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

digits = load_digits()
x = (digits.data / 16.0).astype("float32")
y = digits.target
perm = rng.permutation(len(x))
x, y = x[perm], y[perm]
x_train, y_train, x_test, y_test = x[:1300], y[:1300], x[1300:], y[1300:]
by_class = [np.flatnonzero(y_train == c) for c in range(10)]

MARGIN, BATCH, STEPS = 1.0, 64, 800

embed = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(8),
])
optimizer = keras.optimizers.Adam(1e-3)


def sample_triplets(n):
    anchor = rng.integers(len(x_train), size=n)
    positive, negative = np.empty_like(anchor), np.empty_like(anchor)
    for j, c in enumerate(y_train[anchor]):
        positive[j] = rng.choice(by_class[c])
        negative[j] = rng.choice(by_class[(c + rng.integers(1, 10)) % 10])
    return x_train[anchor], x_train[positive], x_train[negative]


def distance(a, b):
    squared = tf.reduce_sum(tf.square(a - b), axis=1)
    return tf.sqrt(tf.maximum(squared, 1e-9))


@tf.function
def train_step(a, p, n):
    with tf.GradientTape() as tape:
        za, zp, zn = embed(a), embed(p), embed(n)
        margin_loss = tf.nn.relu(distance(za, zp) - distance(za, zn) + MARGIN)
        loss = tf.reduce_mean(margin_loss)
    grads = tape.gradient(loss, embed.trainable_variables)
    optimizer.apply_gradients(zip(grads, embed.trainable_variables))
    return loss


losses = []
for step in range(STEPS):
    losses.append(float(train_step(*(tf.constant(v) for v in sample_triplets(BATCH)))))
    if step % 100 == 99:
        print(f"step {step + 1:4d}  triplet loss {np.mean(losses[-50:]):.4f}")

ref, query = embed(x_train).numpy(), embed(x_test).numpy()
d2 = ((query[:, None, :] - ref[None, :, :]) ** 2).sum(-1)
acc = float(np.mean(y_train[d2.argmin(1)] == y_test))
print(f"1-nearest-neighbour accuracy in the embedding {acc:.3f}")
