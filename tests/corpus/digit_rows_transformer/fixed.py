"""A tiny transformer over the rows of 8x8 scans.

The scans are exported once to ./export (frames.npy + labels.csv); training
only ever reads those two files.
"""
import csv
import os

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits

EXPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "export")


def export_scans():
    os.makedirs(EXPORT, exist_ok=True)
    bunch = load_digits()
    store = {f"scan_{i:04d}": img for i, img in enumerate(bunch.images)}
    frames = np.stack([store[name] for name in sorted(store)])
    np.save(os.path.join(EXPORT, "frames.npy"), frames.astype("uint8"))
    with open(os.path.join(EXPORT, "labels.csv"), "w", newline="") as fh:
        writer = csv.writer(fh)
        writer.writerow(["label"])
        writer.writerows([int(t)] for t in bunch.target)


def load_export():
    frames = np.load(os.path.join(EXPORT, "frames.npy")).astype("float32") / 16.0
    with open(os.path.join(EXPORT, "labels.csv")) as fh:
        labels = np.array([int(row["label"]) for row in csv.DictReader(fh)])
    assert len(frames) == len(labels)
    return frames, labels


class RowEmbedding(layers.Layer):
    def __init__(self, dim, rows=8):
        super().__init__()
        self.proj = layers.Dense(dim)
        self.pos = layers.Embedding(rows, dim)
        self.rows = rows

    def call(self, x):
        return self.proj(x) + self.pos(np.arange(self.rows))


def encoder_block(x, dim, heads=2):
    a = layers.MultiHeadAttention(heads, dim // heads)(x, x)
    x = layers.LayerNormalization()(x + a)
    f = layers.Dense(2 * dim, activation="gelu")(x)
    f = layers.Dense(dim)(f)
    return layers.LayerNormalization()(x + f)


def build(dim=32):
    rows = keras.Input((8, 8))
    x = RowEmbedding(dim)(rows)
    x = encoder_block(x, dim)
    x = layers.Flatten()(x)
    return keras.Model(rows, layers.Dense(10, activation="softmax")(x))


if __name__ == "__main__":
    keras.utils.set_random_seed(2024)
    export_scans()
    frames, labels = load_export()
    idx = np.random.default_rng(0).permutation(len(frames))
    train, test = idx[:1400], idx[1400:]
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(frames[train], labels[train], batch_size=32, epochs=12,
              validation_data=(frames[test], labels[test]), verbose=2)
    print("held-out accuracy %.3f" % model.evaluate(frames[test], labels[test], verbose=0)[1])
