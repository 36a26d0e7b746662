import os
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np
import pandas as pd
import tensorflow as tf

ROOT = os.path.dirname(os.path.abspath(__file__))
tf.keras.utils.set_random_seed(1987)

### ---- spectra -------------------------------------------------------------
scans = np.load(os.path.join(ROOT, "scans.npz"))
A = scans["absorbance"].astype(np.float32)
# standard normal variate, spectrum by spectrum, then first difference
A = (A - A.mean(axis=1, keepdims=True)) / A.std(axis=1, keepdims=True)
A = np.diff(A, axis=1) * 5.0

### ---- reference values ----------------------------------------------------
ref = pd.read_csv(os.path.join(ROOT, "origins_r2.csv"))  # expect: label-mismatch
codes, regions = pd.factorize(ref["origin"], sort=True)  # expect-or: label-mismatch
assert len(codes) == len(A)
print("regions:", list(regions), "counts:", np.bincount(codes))

### ---- split: every fourth scan is kept for the check ------------------------
keep = np.arange(len(A)) % 4 == 3
x_cal, y_cal = A[~keep][..., None], codes[~keep]  # expect-or: label-mismatch
x_chk, y_chk = A[keep][..., None], codes[keep]

### ---- network ---------------------------------------------------------------
net = tf.keras.Sequential([
    tf.keras.layers.Input(shape=x_cal.shape[1:]),
    tf.keras.layers.Conv1D(16, 7, activation="relu", padding="same"),
    tf.keras.layers.MaxPool1D(2),
    tf.keras.layers.Conv1D(32, 5, activation="relu", padding="same"),
    tf.keras.layers.MaxPool1D(2),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dropout(0.2),
    tf.keras.layers.Dense(len(regions)),
])
net.compile(
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
h = net.fit(x_cal, y_cal, validation_data=(x_chk, y_chk), epochs=25, batch_size=16, verbose=0)  # expect-or: label-mismatch
for k in range(3, 25, 7):
    print("epoch", k + 1, {n: round(v[k], 3) for n, v in h.history.items()})

### ---- check -----------------------------------------------------------------
hat = net.predict(x_chk, verbose=0).argmax(-1)
print(pd.crosstab(regions[y_chk], regions[hat], rownames=["true"], colnames=["predicted"]))
print("check accuracy: %.3f" % (hat == y_chk).mean())
