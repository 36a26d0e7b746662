# Hourly rentals of a bike sharing scheme: a plain regression on tabular data.
from pathlib import Path

import keras
import numpy as np
import pandas as pd

keras.utils.set_random_seed(7)
here = Path(__file__).resolve().parent

df = pd.read_csv(here / "bikes.csv", parse_dates=["timestamp"])
df["hour"] = df.timestamp.dt.hour
df["hour_sin"] = np.sin(2 * np.pi * df.hour / 24)
df["hour_cos"] = np.cos(2 * np.pi * df.hour / 24)
df["month"] = df.timestamp.dt.month

hours = pd.get_dummies(df.hour, prefix="h").astype("float32")
weather = pd.get_dummies(df.weather, prefix="w").astype("float32")
numeric = df[["temp_c", "humidity", "wind_kmh", "month", "workingday", "hour_sin", "hour_cos"]]
work_hours = hours.mul(df.workingday, axis=0).add_prefix("wd_")

X = pd.concat([numeric, weather, hours, work_hours], axis=1).to_numpy("float32")
y = np.log1p(df.rentals.to_numpy("float32"))

order = np.random.default_rng(7).permutation(len(X))
n_test = len(X) // 5
test, val, train = order[:n_test], order[n_test:2 * n_test], order[2 * n_test:]

# temperatures, percentages and dummies come in their own units; the layer takes care of that
norm = keras.layers.Normalization()
norm.adapt(X[train])

inputs = keras.Input((X.shape[1],))
h = norm(inputs)
h = keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))(h)
h = keras.layers.Dense(32, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))(h)
outputs = keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(float(y[train].mean())))(h)
model = keras.Model(inputs, outputs)

model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])
model.fit(X[train], y[train], validation_data=(X[val], y[val]),
          epochs=14, batch_size=32, verbose=2)


def report(name, pred):
    err = np.expm1(pred) - np.expm1(y[test])
    print(f"{name:>10s}  RMSLE {np.sqrt(np.mean((pred - y[test]) ** 2)):.3f}  MAE {np.abs(err).mean():.1f} rentals")


report("mean", np.full(n_test, y[train].mean()))
report("network", model.predict(X[test], verbose=0)[:, 0])
