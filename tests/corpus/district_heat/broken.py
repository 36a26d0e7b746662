"""Next-hour heat demand of plant 07, from the last day of readings and the weather forecast."""
import json
import math

import keras
import numpy as np
import pandas as pd

HOURS = 24
SEED = 3


def read_plant(csv, units):
    with open(units) as handle:
        factors = {name: spec["factor"] for name, spec in json.load(handle).items()}  # expect-or: target-scale
    frame = pd.read_csv(csv, parse_dates=["time"], index_col="time")
    for column, factor in factors.items():
        frame[column] = frame[column] * factor  # expect-or: target-scale
    return frame


def calendar(index):
    turn = 2 * math.pi * index.hour.to_numpy() / 24
    return np.stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn),
                     (index.dayofweek >= 5).astype("float32")], axis=1)


def examples(frame):
    """Past outdoor temperatures and the calendar of the hour to be forecast -> its demand."""
    outdoor = frame["outdoor"].to_numpy("float32")
    history = np.lib.stride_tricks.sliding_window_view(outdoor, HOURS + 1)
    when = calendar(frame.index[HOURS:]).astype("float32")
    demand = frame["heat"].to_numpy("float32")[HOURS:, None]
    return {"weather": history[..., None], "calendar": when}, demand


def rows(inputs, target, index):
    return {k: v[index] for k, v in inputs.items()}, target[index]


def forecaster():
    weather = keras.Input((HOURS + 1, 1), name="weather")
    when = keras.Input((5,), name="calendar")
    h = keras.layers.GRU(20)(weather)
    h = keras.layers.Concatenate()([h, when])
    h = keras.layers.Dense(48, activation="relu")(h)
    h = keras.layers.Dense(24, activation="relu")(h)
    return keras.Model([weather, when], keras.layers.Dense(1)(h))


class Weeks:
    """Every fourth week is kept for validation, with a day's gap on either side of it."""

    def __init__(self, count):
        hour = np.arange(count)
        week, inside = np.divmod(hour, 24 * 7)
        self.validation = hour[week % 4 == 3]
        near = (week % 4 == 2) & (inside >= 24 * 6) | (week % 4 == 0) & (inside < 24)
        self.training = hour[(week % 4 != 3) & ~near]


keras.utils.set_random_seed(SEED)
plant = read_plant("plant_07.csv", "units.json")  # expect: target-scale
inputs, demand = examples(plant)
split = Weeks(len(demand))
x_fit, y_fit = rows(inputs, demand, split.training)  # expect-or: target-scale
x_val, y_val = rows(inputs, demand, split.validation)

model = forecaster()
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse")
model.fit(  # expect-or: target-scale
    x_fit, y_fit, batch_size=64, epochs=14, validation_data=(x_val, y_val), verbose=2,  # expect-or: target-scale
    callbacks=[keras.callbacks.LearningRateScheduler(lambda e, lr: lr * 0.75 if e > 3 else lr)],
)

forecast = model.predict(x_val, verbose=0)
residual = np.sum((forecast - y_val) ** 2)
print(f"explained variance on the validation weeks: {1 - residual / np.sum((y_val - y_val.mean()) ** 2):.3f}")
