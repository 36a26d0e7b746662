"""Tag songs (several tags per song) from averaged audio descriptors.

Options are read from a file, one per line.
"""
import argparse
import sys

import numpy as np
import tensorflow as tf
from sklearn.metrics import f1_score

DESCRIPTORS, TAGS = 24, 6


def options(argv):
    p = argparse.ArgumentParser(fromfile_prefix_chars="@")
    p.add_argument("--width", type=int)
    p.add_argument("--depth", type=int)
    p.add_argument("--lr", type=float)
    p.add_argument("--l2", type=float)
    p.add_argument("--batch", type=int)
    p.add_argument("--epochs", type=int)
    return p.parse_args(argv or ["@tags.args"])


def songs(n, seed=19):
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 5))
    x = np.tanh(mood @ rng.normal(size=(5, DESCRIPTORS)) * 0.6)
    x = x + 0.15 * rng.normal(size=x.shape)
    hidden = np.maximum(mood @ rng.normal(size=(5, 12)), 0)
    score = hidden @ rng.normal(size=(12, TAGS))
    y = score > np.quantile(score, 0.65, axis=0)
    return x.astype("float32"), y.astype("float32")


def network(opt):
    decay = tf.keras.regularizers.L2(opt.l2)  # expect: regularisation-too-strong
    x = h = tf.keras.Input((DESCRIPTORS,))
    for _ in range(opt.depth):
        h = tf.keras.layers.Dense(opt.width, activation="relu", kernel_regularizer=decay)(h)  # expect-or: regularisation-too-strong
    tags = tf.keras.layers.Dense(TAGS, activation="sigmoid", kernel_regularizer=decay)(h)  # expect-or: regularisation-too-strong
    return tf.keras.Model(x, tags)


def main():
    opt = options(sys.argv[1:])
    tf.keras.utils.set_random_seed(10)
    x, y = songs(9000)
    centre, spread = x[:7000].mean(0), x[:7000].std(0)
    x = (x - centre) / spread

    model = network(opt)
    bce = tf.keras.losses.BinaryCrossentropy()
    optimizer = tf.keras.optimizers.Adam(opt.lr)
    batches = (tf.data.Dataset.from_tensor_slices((x[:7000], y[:7000]))
               .shuffle(7000, reshuffle_each_iteration=True).batch(opt.batch))

    @tf.function
    def step(xb, yb):
        with tf.GradientTape() as tape:
            fit = bce(yb, model(xb, training=True))
            loss = fit + tf.add_n(model.losses)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return fit

    for epoch in range(opt.epochs):
        fit = np.mean([step(xb, yb).numpy() for xb, yb in batches])
        if epoch % 4 == 3:
            held = float(bce(y[7000:8000], model(x[7000:8000])))
            print(f"epoch {epoch + 1}: cross-entropy {fit:.4f}, validation {held:.4f}")

    guess = model(x[8000:]).numpy() > 0.5
    print(f"micro F1 on 1000 new songs: {f1_score(y[8000:], guess, average='micro'):.3f}")


main()
