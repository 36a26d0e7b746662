"""Sentiment of short product reviews with TextVectorization + averaged embeddings."""
import random
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(99)

GOOD = "great excellent lovely sturdy brilliant reliable wonderful superb delightful comfortable quick neat".split()
BAD = "awful terrible flimsy broken useless noisy disappointing dreadful faulty cheap slow ugly".split()
THING = "lamp kettle chair phone radio jacket blender keyboard camera backpack tent mug".split()
WHO = ["my sister", "i", "we", "my father", "the kids", "our neighbour", "my boss"]
OPEN = ["{who} bought this {thing} last {when} and it is {a}",
        "the {thing} arrived {when} , {a} and {b}",
        "{who} think the {thing} looks {a} but also {b} , really",
        "{a} {thing} , {b} from the first {when}",
        "honestly a {a} {thing} , {who} would say {b}"]
WHEN = "monday week month summer evening winter morning".split()
END = ["", "would buy again if asked", "that is all", "as for the price , no comment", "the box was blue"]


def corpus(n, rng):
    seen = {}
    while len(seen) < n:
        label = rng.randint(0, 1)
        words = GOOD if label else BAD
        other = BAD if label else GOOD
        a = rng.choice(words)
        b = rng.choice(words if rng.random() > 0.1 else other)
        text = rng.choice(OPEN).format(who=rng.choice(WHO), thing=rng.choice(THING), when=rng.choice(WHEN), a=a, b=b)
        text = (text + " " + rng.choice(END)).strip()
        seen[text] = label                  # every text once only
    texts, labels = list(seen.keys()), list(seen.values())
    return np.array(texts, dtype=object), np.array(labels, dtype="int32")


texts, labels = corpus(3000, random.Random(7))
n_train, n_val = 2000, 500
split = lambda a: (a[:n_train], a[n_train:n_train + n_val], a[n_train + n_val:])
(x_tr, x_va, x_te), (y_tr, y_va, y_te) = split(texts), split(labels)

vectorize = layers.TextVectorization(max_tokens=500, output_sequence_length=24)
vectorize.adapt(tf.constant(list(x_tr)))


def make_ds(x, y, training=False):
    ds = tf.data.Dataset.from_tensor_slices((list(x), y))
    if training:
        ds = ds.shuffle(len(x), seed=1)
    return ds.batch(32).map(lambda t, l: (vectorize(t), l)).prefetch(tf.data.AUTOTUNE)


model = tf.keras.Sequential([
    tf.keras.Input(shape=(24,), dtype="int64"),
    layers.Embedding(500, 16, mask_zero=True),
    layers.GlobalAveragePooling1D(),
    layers.Dropout(0.2),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
model.compile(loss=tf.keras.losses.BinaryCrossentropy(from_logits=True), optimizer="adam",
              metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")])
model.fit(make_ds(x_tr, y_tr, True), validation_data=make_ds(x_va, y_va), epochs=15, verbose=2)

loss, acc = model.evaluate(make_ds(x_te, y_te), verbose=0)
print("test: loss %.3f, accuracy %.3f" % (loss, acc))
