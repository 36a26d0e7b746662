"""Sequence encoder + classification head, trained jointly."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

VOCAB, MAXLEN, CLASSES = 12, 14, 3
keras.utils.set_random_seed(33)


def make_sequences(n, seed):
    """label: which of the symbols 1, 2, 3 occurs last"""
    rng = np.random.default_rng(seed)
    seqs = rng.integers(4, VOCAB, (n, MAXLEN))
    labels = rng.integers(0, CLASSES, n)
    for k in range(n):
        pos = np.sort(rng.choice(MAXLEN, 3, replace=False))
        rest = [c for c in range(CLASSES) if c != labels[k]]
        rng.shuffle(rest)
        seqs[k, pos] = [rest[0] + 1, rest[1] + 1, labels[k] + 1]
    return seqs.astype("int32"), labels.astype("int32")


train_x, train_y = make_sequences(3000, 0)
valid_x, valid_y = make_sequences(600, 1)

encoder = keras.Sequential([
    layers.Embedding(VOCAB, 12),
    layers.GRU(12),
], name="encoder")
head = keras.Sequential([
    keras.Input((12,)),
    layers.Dense(24, activation="relu"),
    layers.Dense(CLASSES),
], name="head")

encoder.build((None, MAXLEN))
params = encoder.trainable_variables + head.trainable_variables
optimizer = keras.optimizers.Adam(5e-3)
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def update(seqs, labels):
    with tf.GradientTape() as tape:
        loss = criterion(labels, head(encoder(seqs)))
    grads = tape.gradient(loss, params)
    optimizer.apply_gradients(zip(grads, params))
    return loss


data = tf.data.Dataset.from_tensor_slices((train_x, train_y)).shuffle(3000, seed=3).batch(64)
for epoch in range(1, 13):
    mean = keras.metrics.Mean()
    for seqs, labels in data:
        mean.update_state(update(seqs, labels))
    print(f"[{epoch:02d}] loss={float(mean.result()):.4f}")

logits = head(encoder(valid_x)).numpy()
print("validation accuracy: %.3f" % (logits.argmax(1) == valid_y).mean())
