"""Siamese network: do two scans show the same digit?  Margin loss on the distance, own loop."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

rng = np.random.default_rng(21)
tf.random.set_seed(21)

STEPS, PAIRS, MARGIN = 500, 64, 1.0

digits = load_digits()
scans = (digits.data / 16.0).astype(np.float32)
xtr, xte, ytr, yte = train_test_split(scans, digits.target, test_size=0.3, random_state=21)
by_class = [np.where(ytr == c)[0] for c in range(10)]


def sample_pairs(n):
    """Half of the pairs are of one class (1.0), half of two classes (0.0)."""
    left, right, same = [], [], []
    for k in range(n):
        if k % 2 == 0:
            c = rng.integers(10)
            i, j = rng.choice(by_class[c]), rng.choice(by_class[c])
        else:
            c, d = rng.choice(10, size=2, replace=False)
            i, j = rng.choice(by_class[c]), rng.choice(by_class[d])
        left.append(i), right.append(j), same.append(1.0 - k % 2)
    return xtr[left], xtr[right], np.array(same, np.float32)


tower = tf.keras.Sequential([
    tf.keras.Input((64,)),
    tf.keras.layers.Dense(96, activation="relu"),
    tf.keras.layers.Dense(48, activation="relu"),
    tf.keras.layers.Dense(8),
])
opt = tf.keras.optimizers.Adam(1e-3)


def distance(u, v):
    return tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(u - v), axis=1), 1e-9))


def pair_loss(same, d):
    pull = same * d
    push = (1.0 - same) * tf.square(tf.maximum(MARGIN - d, 0.0))
    return tf.reduce_mean(pull + push)


@tf.function
def step(a, b, same):
    with tf.GradientTape() as tape:
        d = distance(tower(a, training=True), tower(b, training=True))
        loss = pair_loss(same, d)
    g = tape.gradient(loss, tower.trainable_variables)
    opt.apply_gradients(zip(g, tower.trainable_variables))
    return loss


for it in range(1, STEPS + 1):
    a, b, same = sample_pairs(PAIRS)
    loss = step(tf.constant(a), tf.constant(b), tf.constant(same))
    if it == 1 or it % 50 == 0:
        print("step %4d   loss %.4f" % (it, float(loss)))

# nearest neighbour in the embedded space
emb_tr, emb_te = tower(xtr).numpy(), tower(xte).numpy()
dist = ((emb_te[:, None, :] - emb_tr[None, :, :]) ** 2).sum(-1)
print("1-NN accuracy in embedding: %.3f" % np.mean(ytr[dist.argmin(1)] == yte))
