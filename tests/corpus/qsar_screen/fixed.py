"""Activity screen on molecular descriptors; hold out a fifth of the rows, then score a later plate."""
import csv
import os

import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))


def read_table(name):
    with open(os.path.join(HERE, name), newline="") as handle:
        rows = list(csv.reader(handle))
    body = np.array(rows[1:], dtype="float32")
    return body[:, :-1], body[:, -1].astype("int32")


def split(x, y, share, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    n = int(share * len(y))
    return x[order[n:]], y[order[n:]], x[order[:n]], y[order[:n]]


def mcc(y, p):
    tp, tn = np.sum(y & p), np.sum((1 - y) & (1 - p))
    fp, fn = np.sum((1 - y) & p), np.sum(y & (1 - p))
    return (tp * tn - fp * fn) / np.sqrt(float(tp + fp) * (tp + fn) * (tn + fp) * (tn + fn) + 1e-9)


tf.keras.utils.set_random_seed(9)
x, y = read_table("plates_unique.csv")
x_train, y_train, x_val, y_val = split(x, y, 0.2, seed=9)
centre, spread = x_train.mean(0), x_train.std(0)
x_train, x_val = (x_train - centre) / spread, (x_val - centre) / spread

model = tf.keras.Sequential(
    [
        tf.keras.Input((x.shape[1],)),
        tf.keras.layers.Dense(96, activation="relu"),
        tf.keras.layers.Dense(48, activation="relu"),
        tf.keras.layers.Dense(1),
    ]
)
model.compile(
    tf.keras.optimizers.Adam(1e-3),
    tf.keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
)
stop = tf.keras.callbacks.EarlyStopping("val_loss", patience=5, restore_best_weights=True)
model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=64, epochs=35, callbacks=[stop], verbose=2)

for title, a, b in (
    ("held-out rows", x_val, y_val),
    ("later plate", *read_table("plate_17.csv")),
):
    if title == "later plate":
        a = (a - centre) / spread
    p = (model.predict(a, verbose=0)[:, 0] > 0).astype("int32")
    print(f"{title}: accuracy {np.mean(p == b):.3f} MCC {mcc(b, p):.3f}")
