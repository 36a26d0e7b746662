"""Which of two key tokens comes first? GRU encoder + small head, custom loop."""
import argparse

import numpy as np
import tensorflow as tf
from tensorflow import keras

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=6)
parser.add_argument("--batch-size", type=int, default=64)
parser.add_argument("--lr", type=float, default=3e-3)
parser.add_argument("--vocab", type=int, default=50)
parser.add_argument("--length", type=int, default=20)
parser.add_argument("--seed", type=int, default=13)
args = parser.parse_args()

keras.utils.set_random_seed(args.seed)


def make_sequences(n, rng):
    x = rng.integers(3, args.vocab, size=(n, args.length))
    pos = np.stack([rng.choice(args.length, 2, replace=False) for _ in range(n)])
    rows = np.arange(n)
    x[rows, pos[:, 0]] = 1
    x[rows, pos[:, 1]] = 2
    return x.astype("int32"), (pos[:, 0] < pos[:, 1]).astype("float32")


rng = np.random.default_rng(args.seed)
x_train, y_train = make_sequences(3000, rng)
x_val, y_val = make_sequences(600, rng)
train_ds = (tf.data.Dataset.from_tensor_slices((x_train, y_train))
            .shuffle(3000, seed=args.seed).batch(args.batch_size))
val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(200)

encoder = keras.Sequential([
    keras.layers.Embedding(args.vocab, 16),
    keras.layers.GRU(24),
], name="encoder")
head = keras.Sequential([
    keras.Input((24,)),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1),
], name="head")

weights = encoder.trainable_variables + head.trainable_variables  # expect: gradient-disconnected
optimizer = keras.optimizers.Adam(args.lr)
bce = keras.losses.BinaryCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = head(encoder(x, training=True), training=True)
        loss = bce(y[:, None], logits)
    grads = tape.gradient(loss, weights)
    optimizer.apply_gradients(zip(grads, weights))
    return loss


loss_avg = keras.metrics.Mean()
val_acc = keras.metrics.BinaryAccuracy(threshold=0.0)
for epoch in range(args.epochs):
    loss_avg.reset_state()
    val_acc.reset_state()
    for x, y in train_ds:
        loss_avg.update_state(train_step(x, y))
    for x, y in val_ds:
        val_acc.update_state(y[:, None], head(encoder(x)))
    print(f"epoch {epoch + 1:2d}: loss={loss_avg.result():.4f}  val_acc={val_acc.result():.4f}")
