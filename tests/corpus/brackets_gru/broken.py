#!/usr/bin/env python
# Does the nesting of a bracket string ever get deeper than three?
import argparse

import numpy as np
import tensorflow as tf
import keras
from keras import layers, ops

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--batch", type=int, default=50)
parser.add_argument("--units", type=int, default=24)
parser.add_argument("--lr", type=float, default=2e-3)
args = parser.parse_args()

keras.utils.set_random_seed(99)
rng = np.random.default_rng(99)


def random_strings(n, length=18):
    """Rows of 0 = '(', 1 = ')', 2 = '.', never closing more than was opened."""
    rows = np.empty((n, length), dtype="int32")
    deepest = np.zeros(n, dtype="int32")
    for r in range(n):
        depth = 0
        for c in range(length):
            token = rng.choice(3, p=(0.42, 0.36, 0.22))
            if token == 1 and depth == 0:
                token = 0
            depth += (1, -1, 0)[token]
            deepest[r] = max(deepest[r], depth)
            rows[r, c] = token
    return rows, (deepest > 3).astype("float32")[:, None]


x_fit, y_fit = random_strings(2500)
x_val, y_val = random_strings(600)
print("share of deep strings:", y_fit.mean().round(3), y_val.mean().round(3))

train_ds = tf.data.Dataset.from_tensor_slices((x_fit, y_fit)).shuffle(2500).batch(args.batch)
val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(200)

model = keras.Sequential([
    layers.Input((18,)),
    layers.Embedding(3, 8),
    layers.GRU(args.units),
    layers.Dense(1),
])
optimizer = keras.optimizers.Adam(args.lr)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
val_acc = keras.metrics.BinaryAccuracy(threshold=0.0, name="val_acc")  # expect-or: metric-wrong


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = bce(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return loss


@tf.function
def val_step(x, y):
    val_acc.update_state(y, model(x, training=False))  # expect: metric-wrong


for epoch in range(args.epochs):  # expect-or: metric-wrong
    losses = [float(train_step(x, y)) for x, y in train_ds]
    for x, y in val_ds:  # expect-or: metric-wrong
        val_step(x, y)  # expect-or: metric-wrong
    shown = float(val_acc.result())  # expect-or: metric-wrong
    print(f"{epoch:3d}  loss {np.mean(losses):.4f}  val_acc {shown:.4f}")

right = ops.convert_to_numpy(model(x_val)) > 0
print(f"shown {shown:.4f}, counted by hand {np.mean(right == (y_val > 0.5)):.4f}")
