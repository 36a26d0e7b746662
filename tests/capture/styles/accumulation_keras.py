"""Gradient accumulation of a Keras optimiser."""

import numpy as np, keras
keras.utils.set_random_seed(4)
x = np.random.normal(size=(1600, 6)).astype("float32")
y = (2 * x[:, :1] - x[:, 1:2] ** 2 + 0.1 * np.random.normal(size=(1600, 1))).astype("float32")
m = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(1)])
m.compile(keras.optimizers.Adam(0.01, gradient_accumulation_steps=4), "mse")
h = m.fit(x, y, batch_size=16, epochs=2, verbose=0)
print([repr(v) for v in h.history["loss"]])
print("batches", 100 * 2, "applies", 25 * 2, "iterations", int(m.optimizer.iterations.numpy()))
