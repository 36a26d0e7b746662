"""Which town did they mean?  Character bigrams of a badly typed name -> one of 40 towns."""
import string
import zlib

import numpy as np
import tensorflow as tf

TOWNS = """amsterdam athens barcelona belgrade berlin bratislava brussels bucharest budapest copenhagen
dublin edinburgh florence geneva gothenburg hamburg helsinki innsbruck istanbul krakow lisbon ljubljana
london luxembourg madrid marseille milan munich naples oslo paris porto prague reykjavik rotterdam
salzburg sofia stockholm valencia warsaw""".split()
SLOTS = 256


def mistype(name, rng):
    chars = list(name)
    for _ in range(rng.integers(0, 3)):
        i = int(rng.integers(0, len(chars)))
        what = rng.integers(0, 3)
        if what == 0 and len(chars) > 3:
            del chars[i]
        elif what == 1:
            chars[i] = rng.choice(list(string.ascii_lowercase))
        else:
            chars.insert(i, chars[i])
    return "".join(chars)


def featurise(name):
    v = np.zeros(SLOTS, "float32")
    padded = f"^{name}$"
    for a, b in zip(padded, padded[1:]):
        v[zlib.crc32((a + b).encode()) % SLOTS] = 1.0
    return v


def collect(n, seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, len(TOWNS), n)
    typed = [mistype(TOWNS[k], rng) for k in label]
    return typed, np.stack([featurise(t) for t in typed]), label


_, X, y = collect(3000, seed=1)
typed, X_new, y_new = collect(500, seed=2)

tf.random.set_seed(99)
lookup = tf.keras.Sequential([
    tf.keras.Input((SLOTS,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(len(TOWNS), activation="softmax"),  # expect-or: loss-logits
])
sgd = tf.keras.optimizers.SGD(0.2)


@tf.function
def update(xb, yb):
    with tf.GradientTape() as tape:
        out = lookup(xb)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=yb, logits=out)  # expect: loss-logits
        loss = tf.reduce_mean(losses)
    g = tape.gradient(loss, lookup.trainable_variables)
    sgd.apply_gradients(zip(g, lookup.trainable_variables))
    return loss


feed = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(3000, seed=0).batch(32)
for epoch in range(1, 13):
    running = [update(xb, yb).numpy() for xb, yb in feed]
    if epoch % 2 == 0:
        hit = np.mean(lookup(X_new).numpy().argmax(1) == y_new)
        print(f"epoch {epoch:2d}  loss {np.mean(running):.3f}  hit rate {hit:.3f}")

best = lookup(X_new).numpy()
for t, p in list(zip(typed, best))[:6]:
    print(f"{t:>14} -> {TOWNS[p.argmax()]} ({p.max():.2f})")
