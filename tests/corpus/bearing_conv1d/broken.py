"""Bearing damage from short vibration records (Conv1D), settings in a JSON file."""
import json
import pathlib

import numpy as np
import tensorflow as tf

FOLDER = pathlib.Path(__file__).parent
with open(FOLDER / "net_2.json") as f:  # expect: vanishing-gradient
    S = json.load(f)

tf.keras.utils.set_random_seed(S["seed"])


class Records:
    """Healthy, outer ring, inner ring: bursts at different rates on a noisy hum."""

    rates = (0, 7, 13)

    def __init__(self, count, length, seed):
        g = np.random.default_rng(seed)
        self.y = g.integers(0, 3, count)
        n = np.arange(length)
        rows = []
        for label in self.y:
            row = 0.4 * np.sin(2 * np.pi * 3 * n / length + g.uniform(0, 6.28))
            if self.rates[label]:
                period = length / self.rates[label]
                since = (n + g.uniform(0, period)) % period
                row = row + 1.6 * np.exp(-since / 2.0) * np.cos(1.9 * since)
            rows.append(row + g.normal(0, 0.15, length))
        self.x = np.array(rows, "float32")[..., None]

    def batches(self, size, g):
        p = g.permutation(len(self.y))
        for k in range(0, len(p), size):
            yield self.x[p[k:k + size]], self.y[p[k:k + size]]


def make_net():
    layers = [tf.keras.layers.Input((S["length"], 1))]
    for n_filters, stride in S["blocks"]:
        layers.append(tf.keras.layers.Conv1D(n_filters, S["kernel"], strides=stride, padding="same",
                                             activation=S["activation"]))  # expect-or: vanishing-gradient
    layers += [tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")]
    net = tf.keras.Sequential(layers)
    net.compile(optimizer=S["optimizer"], loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


train = Records(900, S["length"], 1)
held = Records(300, S["length"], 2)
net = make_net()
net.summary()

g = np.random.default_rng(0)
for epoch in range(S["epochs"]):
    for xb, yb in train.batches(S["batch"], g):
        loss, acc = net.train_on_batch(xb, yb)
    net.reset_metrics()
    v_loss, v_acc = net.evaluate(held.x, held.y, verbose=0, batch_size=100)
    net.reset_metrics()
    print(f"epoch {epoch + 1}: train loss {loss:.3f} acc {acc:.3f} | held out {v_loss:.3f} acc {v_acc:.3f}")
