"""Hourly electricity demand, one step ahead, with an LSTM over the last day."""
import numpy as np
import pandas as pd
import keras
from keras import layers

keras.utils.set_random_seed(11)

# ---------------------------------------------------------------- data
rng = np.random.default_rng(123)
hours = pd.date_range("2021-01-01", periods=24 * 120, freq="h")
h = np.arange(len(hours))
noise = np.zeros(len(h))
for i in range(1, len(h)):
    noise[i] = 0.7 * noise[i - 1] + rng.normal(0, 12)
demand = (900 + 180 * np.sin(2 * np.pi * (h - 7) / 24) + 60 * np.sin(4 * np.pi * (h - 3) / 24)
          - 90 * (hours.dayofweek >= 5) + noise)
frame = pd.DataFrame({
    "demand": demand,
    "sin": np.sin(2 * np.pi * hours.hour / 24),
    "cos": np.cos(2 * np.pi * hours.hour / 24),
    "weekend": (hours.dayofweek >= 5).astype(float),
}, index=hours)

# ------------------------------------- chronological split, scaling from the past only
n = len(frame)
cut1, cut2 = int(.7 * n), int(.85 * n)
mean, std = frame["demand"][:cut1].mean(), frame["demand"][:cut1].std()
frame["demand"] = (frame["demand"] - mean) / std
values = frame.to_numpy("float32")
WINDOW = 24


def windows(part, shuffle):
    return keras.utils.timeseries_dataset_from_array(
        part[:-1], part[WINDOW:, 0], sequence_length=WINDOW, batch_size=64, shuffle=shuffle, seed=4)


train_ds = windows(values[:cut1], True)
val_ds = windows(values[cut1:cut2], False)
test_ds = windows(values[cut2:], False)

# ---------------------------------------------------------------- model
inputs = keras.Input((WINDOW, values.shape[1]))
x = layers.LSTM(24)(inputs)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse", metrics=["mae"])
model.fit(train_ds, validation_data=val_ds, epochs=12, verbose=2, callbacks=[
    keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.3),
    keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)])

mse, mae = model.evaluate(test_ds, verbose=0)
test = values[cut2:, 0]
naive = np.abs(test[WINDOW:] - test[WINDOW - 1:-1]).mean()
daily = np.abs(test[WINDOW:] - test[:-WINDOW]).mean()
print(f"MAE in MW: same hour yesterday {daily * std:.1f}, last hour {naive * std:.1f}, LSTM {mae * std:.1f}")
print(f"R2 {1 - mse / test[WINDOW:].var():.3f}")
