"""Predict the yield of a small wind-and-solar plant from a weather log."""
from pathlib import Path

import keras
import numpy as np

HERE = Path(__file__).resolve().parent

keras.utils.set_random_seed(0)
table = np.genfromtxt(HERE / "weather.csv", delimiter=",", skip_header=1)  # expect-or: input-nan
features, target = table[:, :-1], table[:, -1]

features = (features - np.nanmean(features, axis=0)) / np.nanstd(features, axis=0)  # expect-or: input-nan

model = keras.Sequential(
    [
        keras.Input((features.shape[1],)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mse", metrics=["mae"])
model.fit(features, target, epochs=30, batch_size=20, validation_split=0.25, verbose=2)  # expect: input-nan
loss, mae = model.evaluate(features[300:], target[300:], verbose=0)
print(f"validation mse {loss:.4f} mae {mae:.4f} (target variance {target.var():.3f})")
