## Electricity load, one step ahead from the last two days (port of my R keras script)
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

seed = 99
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)

## ---- data -------------------------------------------------------------
hours = pd.date_range("2021-01-04", periods=24 * 7 * 20, freq="h")
h = hours.hour.to_numpy()
weekend = np.asarray(hours.dayofweek >= 5, dtype=float)
t = np.arange(len(hours))
noise = np.zeros(len(t))
for i in range(1, len(t)):
    noise[i] = 0.8 * noise[i - 1] + rng.normal(0, 6)
load = (420 + 90 * np.sin((h - 8) / 24 * 2 * np.pi) + 40 * np.sin((h - 3) / 12 * 2 * np.pi)
        - 60 * weekend + 15 * np.sin(t / (24 * 28) * 2 * np.pi) + noise)
series = pd.Series(load, index=hours, name="MW")

lookback = 48
n_train = int(len(series) * 0.7)
n_val = int(len(series) * 0.15)

mu, sdev = series.iloc[:n_train].mean(), series.iloc[:n_train].std()
scaled = ((series - mu) / sdev).to_numpy("float32")
frame = np.stack([scaled, weekend.astype("float32"),
                  np.sin(h / 24 * 2 * np.pi).astype("float32"),
                  np.cos(h / 24 * 2 * np.pi).astype("float32")], axis=1)


def windows(start, stop, shuffle):
    return keras.utils.timeseries_dataset_from_array(
        frame[start:stop - 1], targets=scaled[start + lookback:stop],
        sequence_length=lookback, batch_size=64, shuffle=shuffle, seed=seed)


train = windows(0, n_train, True)
valid = windows(n_train, n_train + n_val, False)
test = windows(n_train + n_val, len(series), False)

## ---- model ------------------------------------------------------------
model = keras.Sequential([
    keras.Input((lookback, frame.shape[1])),
    keras.layers.LSTM(24),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(8e-3, 36, 0.8)),
              loss="mse")
model.fit(train, validation_data=valid, epochs=12, verbose=2)

## ---- test -------------------------------------------------------------
pred = model.predict(test, verbose=0).ravel() * sdev + mu
truth = series.to_numpy()[n_train + n_val + lookback:]
naive = series.to_numpy()[n_train + n_val + lookback - 24:-24]
print("MAE same hour yesterday: %.2f MW" % np.mean(np.abs(truth - naive)))
print("MAE network: %.2f MW, R2 %.3f" % (np.mean(np.abs(truth - pred)),
      1 - np.var(truth - pred) / np.var(truth)))
