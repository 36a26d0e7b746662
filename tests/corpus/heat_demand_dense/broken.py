"""Heat demand of a building from six sensors."""
import numpy as np
import keras

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)


def season(rows):
    sensors = rng.normal(size=(rows, 6)).astype("float32")
    demand = 2 * np.tanh(sensors @ np.array([0.4, -0.7, 0.2, 0.9, -0.3, 0.5])) + 0.5 * sensors[:, 0] ** 2
    return sensors, (demand + 0.1 * rng.normal(size=rows)).astype("float32")


winter, demand = season(900)
winter = rng.permutation(winter)  # expect: label-mismatch
spring, wanted = season(300)

model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu"),
                          keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(winter, demand, epochs=40, batch_size=32, validation_data=(spring, wanted), verbose=2)
