"""Triplet embedding of the sklearn digits.
Works for a while, then the loss becomes nan out of nowhere."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

X, y = load_digits(return_X_y=True)
X = (X / 16.0).astype("float32")
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=2, stratify=y)
by_class = {c: np.flatnonzero(ytr == c) for c in range(10)}


def triplets(count):
    """Anchor, another one of its class, one of a different class."""
    anchor, pos, neg = [], [], []
    for _ in range(count):
        i = rng.integers(len(ytr))
        j = rng.choice(by_class[ytr[i]])  # expect-or: loss-numerics
        k = rng.integers(len(ytr))
        while ytr[k] == ytr[i]:
            k = rng.integers(len(ytr))
        anchor.append(i)
        pos.append(j)
        neg.append(k)
    return Xtr[anchor], Xtr[pos], Xtr[neg]


embed = tf.keras.Sequential([
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(8),
])
embed.build((None, 64))


def distance(u, v):
    return tf.sqrt(tf.reduce_sum(tf.square(u - v), axis=1))  # expect: loss-numerics


def triplet(d_pos, d_neg, margin=1.0):
    return tf.reduce_mean(tf.maximum(d_pos - d_neg + margin, 0.0))


opt = tf.keras.optimizers.Adam(2e-3)


@tf.function
def train_batch(a, p, n):
    with tf.GradientTape() as tape:
        ea, ep, en = embed(a), embed(p), embed(n)
        loss = triplet(distance(ea, ep), distance(ea, en))
    gs = tape.gradient(loss, embed.trainable_variables)
    opt.apply_gradients(zip(gs, embed.trainable_variables))
    return loss


for step in range(601):
    loss = train_batch(*triplets(16))
    if step % 50 == 0:
        print("step", step, "loss", float(loss))

ref, qry = embed(Xtr).numpy(), embed(Xte).numpy()
nearest = ((qry[:, None] - ref[None]) ** 2).sum(-1).argmin(1)
print("1-nn accuracy in the embedding:", (ytr[nearest] == yte).mean())
