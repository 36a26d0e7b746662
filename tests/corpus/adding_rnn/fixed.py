from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

# Level of a tank from the history of its inflow and outflow: a plain ReLU recurrent net.


@dataclass
class Settings:
    steps: int = 60
    units: int = 40
    series: int = 1500
    rate: float = 0.01
    epochs: int = 15


def tanks(s, rng):
    flow = rng.normal(size=(s.series, s.steps, 2)).astype("float32")
    fading = 0.95 ** np.arange(s.steps)[::-1]
    level = ((flow[..., 0] - 0.5 * flow[..., 1]) * fading).sum(1) / np.sqrt((fading ** 2).sum())
    return flow, level.astype("float32")[:, None]


def batches(x, y, size, rng):
    while True:
        pick = rng.integers(0, len(x), size)
        yield x[pick], y[pick]


s = Settings()
keras.utils.set_random_seed(14)
rng = np.random.default_rng(14)
x, y = tanks(s, rng)
xv, yv = tanks(Settings(series=400), rng)

model = keras.Sequential([
    keras.Input((s.steps, 2)),
    keras.layers.SimpleRNN(s.units, activation="relu", recurrent_initializer="orthogonal"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.SGD(s.rate, momentum=0.9, clipnorm=0.15), loss="mse")
model.fit(batches(x, y, 32, rng), steps_per_epoch=45, epochs=s.epochs, validation_data=(xv, yv), verbose=2)
print("validation MSE %.4f (variance of the level %.3f)" % (model.evaluate(xv, yv, verbose=0), yv.var()))
