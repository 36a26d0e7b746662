# -*- coding: utf-8 -*-
# Forecast the next 12 hours of grid load out of the previous 24 hours.
# Inputs: load plus calendar columns. The evening peak is what we care about most.

from pathlib import Path

import numpy as np
import pandas as pd
from keras import Sequential, Input, callbacks, optimizers, utils
from keras.layers import LSTM, Dense, Dropout

utils.set_random_seed(7)

LOOKBACK = 24
HORIZON = 12

raw = pd.read_csv(Path(__file__).with_name("load.csv"), parse_dates=["timestamp"], index_col="timestamp")
hour = raw.index.hour.to_numpy()
features = pd.DataFrame({
    "load": raw["load_mw"],
    "hour_sin": np.sin(2 * np.pi * hour / 24),
    "hour_cos": np.cos(2 * np.pi * hour / 24),
    "weekend": (raw.index.dayofweek >= 5).astype(float),
})

n_train = int(len(features) * 0.8)
mu = features["load"].iloc[:n_train].mean()
sd = features["load"].iloc[:n_train].std()
features["load"] = (features["load"] - mu) / sd

values = features.to_numpy(dtype="float32")


def make_windows(block):
    xs, ys = [], []
    for i in range(LOOKBACK, len(block) - HORIZON + 1):
        xs.append(block[i - LOOKBACK:i])
        ys.append(block[i:i + HORIZON, 0])
    return np.array(xs), np.array(ys)


x_train, y_train = make_windows(values[:n_train])
x_test, y_test = make_windows(values[n_train - LOOKBACK:])
print("X", x_train.shape, "Y", y_train.shape)

model = Sequential()
model.add(Input((LOOKBACK, values.shape[1])))
model.add(LSTM(48, return_sequences=True))
model.add(Dropout(0.1))
model.add(LSTM(HORIZON))  # expect: output-activation
model.compile(optimizer=optimizers.Adam(5e-3), loss="mse", metrics=["mae"])
model.summary()

model.fit(
    x_train, y_train,
    epochs=13,
    batch_size=64,
    validation_split=0.1,
    verbose=2,
    callbacks=[callbacks.EarlyStopping(patience=6, restore_best_weights=True)],
)

pred = model.predict(x_test, verbose=0) * sd + mu
true = y_test * sd + mu
rmse = np.sqrt(np.mean((pred - true) ** 2))
yesterday = x_test[:, -24:-24 + HORIZON, 0] * sd + mu
print("RMSE same hour yesterday: %.1f MW" % np.sqrt(np.mean((yesterday - true) ** 2)))
print("RMSE model:               %.1f MW" % rmse)
print("highest load seen %.0f MW, highest load predicted %.0f MW" % (true.max(), pred.max()))
