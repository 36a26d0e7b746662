"""Forecast the next hour of a household meter. After some batches the loss prints nan and stays there."""
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(11)
WINDOW = 24
BATCH = 32

df = pd.read_csv(Path(__file__).with_name("meter.csv"), parse_dates=["time"])
df["level"] = df.kwh / df.kwh.mean()
df["change"] = df.kwh.pct_change().replace([np.inf, -np.inf], np.nan)
hour = df.time.dt.hour
df["hs"], df["hc"] = np.sin(hour * 2 * np.pi / 24), np.cos(hour * 2 * np.pi / 24)
df = df.dropna().reset_index(drop=True)
print(df.head())
assert df.isna().sum().sum() == 0

cols = ["level", "change", "hs", "hc"]
vals = df[cols].to_numpy("float32")
target = df["level"].to_numpy("float32")

n_train = 1200
def windows(lo, hi):
    return tf.keras.utils.timeseries_dataset_from_array(
        vals[lo:hi - 1], target[lo + WINDOW:hi], sequence_length=WINDOW, batch_size=BATCH, shuffle=False)

train_ds, test_ds = windows(0, n_train), windows(n_train, len(vals))

inp = keras.Input((WINDOW, len(cols)))
z = keras.layers.GRU(16)(inp)
net = keras.Model(inp, keras.layers.Dense(1)(z))
opt = keras.optimizers.Adam(5e-3)
huber = keras.losses.Huber()


@tf.function
def step(xb, yb):
    with tf.GradientTape() as tape:
        loss = huber(yb[:, None], net(xb, training=True))
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss


it = 0
for epoch in range(5):
    for xb, yb in train_ds:
        loss = step(xb, yb)
        if it % 20 == 0:
            print(f"epoch {epoch} it {it:4d} loss {float(loss):.4f}")
        it += 1

pred = np.concatenate([net(xb).numpy()[:, 0] for xb, _ in test_ds])
true = np.concatenate([yb.numpy() for _, yb in test_ds])
print("test MAE", np.abs(pred - true).mean(), " always-the-mean MAE", np.abs(true - target[:n_train].mean()).mean())
