"""Keras fit of an LSTM: seconds per step in the steady state."""

import keras
import numpy as np
from steady import measure

keras.utils.set_random_seed(0)
x = np.random.rand(3200, 30, 12).astype("float32")
y = x[:, :, 0].mean(axis=1)
model = keras.Sequential([keras.layers.LSTM(48), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
measure(lambda: model.fit(x, y, batch_size=64, epochs=2, verbose=0), 100)
