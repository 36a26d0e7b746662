"""Keras fit of an MLP: seconds per step in the steady state."""

import keras
import numpy as np
from steady import measure

keras.utils.set_random_seed(0)
x = np.random.rand(12800, 784).astype("float32")
y = np.random.randint(0, 10, 12800)
model = keras.Sequential([keras.layers.Dense(256, activation="relu") for _ in range(3)] + [keras.layers.Dense(10)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
measure(lambda: model.fit(x, y, batch_size=128, epochs=4, verbose=0), 400)
