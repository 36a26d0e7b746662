"""Counts with a Poisson loss and a softplus rate: a logarithm of what is no probability."""
import numpy as np
import keras

keras.utils.set_random_seed(4)
x = np.random.rand(2000, 6).astype("float32")
counts = np.random.poisson(np.exp(2 * x[:, 0] + x[:, 1])).astype("float32")[:, None]
model = keras.Sequential([
    keras.Input((6,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1, activation="softplus"),
])
model.compile(keras.optimizers.Adam(5e-3), loss="poisson")
model.fit(x, counts, batch_size=32, epochs=8, verbose=2)
