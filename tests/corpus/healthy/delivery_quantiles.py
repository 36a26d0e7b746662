"""Delivery times in minutes: 10 %, 50 % and 90 % quantiles from one network.

Targets stay in minutes. The output layer starts at the quantiles of the training
targets, and a fixed Rescaling turns the network's unit-scale numbers into minutes.
"""
import keras
import numpy as np
import pandas as pd
from keras import layers, ops

SEED = 27
QUANTILES = np.array([0.1, 0.5, 0.9], "float32")
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

n = 4000
orders = pd.DataFrame({
    "km": rng.gamma(3, 1.5, n),
    "items": rng.poisson(3, n) + 1,
    "rain": rng.binomial(1, 0.25, n),
    "rush": rng.binomial(1, 0.35, n),
    "bike": rng.binomial(1, 0.6, n),
})
centre = 14 + 3.2 * orders.km * (1 + 0.5 * orders.rush) + 1.2 * orders["items"] + 4 * orders.rain * orders.bike
spread = 2 + 0.5 * orders.km + 4 * orders.rush
orders["minutes"] = centre + spread * rng.gumbel(0, 0.8, n)

train, val, test = orders[:2600], orders[2600:3200], orders[3200:]
features = ["km", "items", "rain", "rush", "bike"]
norm = layers.Normalization()
norm.adapt(train[features].to_numpy("float32"))
minutes = train.minutes.to_numpy()
start = (np.quantile(minutes, QUANTILES) - minutes.mean()) / minutes.std()


def pinball(y, q):
    err = y - q
    return ops.mean(ops.maximum(QUANTILES * err, (QUANTILES - 1) * err), axis=-1)


model = keras.Sequential([
    keras.Input((len(features),)),
    norm,
    layers.Dense(48, activation="gelu"),
    layers.Dense(48, activation="gelu"),
    layers.Dense(3, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05),
                 bias_initializer=lambda shape, dtype=None: ops.convert_to_tensor(start, dtype)),
    layers.Rescaling(float(minutes.std()), offset=float(minutes.mean())),
])
model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, 41 * 25)), loss=pinball)


def xy(frame):
    return frame[features].to_numpy("float32"), frame[["minutes"]].to_numpy("float32")


model.fit(*xy(train), validation_data=xy(val), batch_size=64, epochs=25, verbose=2)

x_test, y_test = xy(test)
q = model.predict(x_test, verbose=0)
loss = model.evaluate(x_test, y_test, verbose=0)
flat = np.quantile(minutes, QUANTILES)
base = np.mean(np.maximum(QUANTILES * (y_test - flat), (QUANTILES - 1) * (y_test - flat)))
print("pinball loss %.3f minutes (constant quantiles: %.3f)" % (loss, base))
print("share of deliveries below each quantile:", np.round((y_test <= q).mean(0), 3),
      "| crossed: %.3f" % np.mean((q[:, 0] > q[:, 1]) | (q[:, 1] > q[:, 2])))
