import argparse

import numpy as np
import tensorflow as tf
from sklearn.metrics import confusion_matrix

STATES = ["new", "worn", "failing"]
LENGTH, CHANNELS = 48, 3


def record(state, rng):
    """One window of accelerometer readings, in g."""
    t = np.arange(LENGTH)
    level = {"new": 0.25, "worn": 0.6, "failing": 1.3}[state] * rng.uniform(0.8, 1.25)
    freq = rng.uniform(0.08, 0.3)
    phase = rng.uniform(0, 2 * np.pi, CHANNELS)
    wave = np.sin(2 * np.pi * freq * t[:, None] + phase)
    return level * (wave + 0.5 * rng.normal(size=(LENGTH, CHANNELS)))


def load(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, len(STATES), n)
    x = np.stack([record(STATES[i], rng) for i in y]).astype("float32")
    return x, y


def standardise(x):
    mean = x.mean(axis=1, keepdims=True)  # expect-or: degenerate-feature
    std = x.std(axis=1, keepdims=True)  # expect: degenerate-feature
    return (x - mean) / (std + 1e-6)  # expect-or: degenerate-feature


def build():
    inp = tf.keras.Input((LENGTH, CHANNELS))
    h = tf.keras.layers.GRU(24)(inp)
    h = tf.keras.layers.Dense(16, activation="relu")(h)
    out = tf.keras.layers.Dense(len(STATES))(h)
    return tf.keras.Model(inp, out, name="bearing")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--lr", type=float, default=5e-3)
    ap.add_argument("--seed", type=int, default=3)
    args = ap.parse_args()
    tf.keras.utils.set_random_seed(args.seed)

    x_tr, y_tr = load(1200, args.seed)
    x_va, y_va = load(400, args.seed + 1)
    x_tr, x_va = standardise(x_tr), standardise(x_va)
    print("train", x_tr.shape, "mean %.3f std %.3f" % (x_tr.mean(), x_tr.std()))

    net = build()
    net.compile(
        tf.keras.optimizers.Adam(args.lr),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(x_tr, y_tr, batch_size=64, epochs=args.epochs,
            validation_data=(x_va, y_va), verbose=2)

    guess = net.predict(x_va, verbose=0).argmax(axis=1)
    print("confusion (rows = truth)")
    print(confusion_matrix(y_va, guess))
    print("validation accuracy %.3f" % (guess == y_va).mean())


if __name__ == "__main__":
    main()
