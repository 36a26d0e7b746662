"""Probabilistic load forecast for the substation, three blocks of four hours ahead.

Probe for the planning team: an LSTM with three quantiles per block (P10, P50, P90).
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

QUANTILES = np.array([0.1, 0.5, 0.9], dtype="float32")
LOOKBACK = 18      # three days of four hour blocks
HORIZON = 3

rng = np.random.default_rng(11)
keras.utils.set_random_seed(11)


def synth_load(n_blocks=2600):
    t = np.arange(n_blocks)
    daily = np.array([-1.1, -0.9, 0.7, 1.2, 0.9, -0.8])[t % 6]
    weekend = np.where((t // 6) % 7 >= 5, 0.55, 1.0)
    drift = 0.3 * np.sin(2 * np.pi * t / (6 * 60))
    return (daily * weekend + drift + 0.12 * rng.standard_normal(n_blocks)).astype("float32")


def windows(series):
    xs, ys = [], []
    for i in range(len(series) - LOOKBACK - HORIZON):
        xs.append(series[i:i + LOOKBACK])
        ys.append(series[i + LOOKBACK:i + LOOKBACK + HORIZON])
    return np.array(xs)[..., None], np.array(ys)


def pinball(y_true, y_pred):
    """y_true (batch, horizon), y_pred (batch, horizon, quantile)."""
    err = tf.expand_dims(y_true, -1) - y_pred
    return tf.reduce_mean(tf.maximum(QUANTILES * err, (QUANTILES - 1.0) * err))


load = synth_load()
x, y = windows(load)
cut = int(0.8 * len(x))
x_train, y_train, x_valid, y_valid = x[:cut], y[:cut], x[cut:], y[cut:]

forecaster = keras.Sequential([
    keras.Input((LOOKBACK, 1)),
    keras.layers.LSTM(32),
    keras.layers.Dense(HORIZON * len(QUANTILES)),
    keras.layers.Reshape((HORIZON, len(QUANTILES))),
])
forecaster.compile(optimizer=keras.optimizers.Adam(5e-3), loss=pinball)
forecaster.fit(x_train, y_train, validation_data=(x_valid, y_valid),
               epochs=12, batch_size=64, verbose=2)

q = forecaster.predict(x_valid, verbose=0)
naive = np.abs(np.roll(load, 6)[LOOKBACK:LOOKBACK + len(x)][cut:] - y_valid[:, 0]).mean()
for h in range(HORIZON):
    mae = np.abs(q[:, h, 1] - y_valid[:, h]).mean()
    inside = np.mean((y_valid[:, h] >= q[:, h, 0]) & (y_valid[:, h] <= q[:, h, 2]))
    print(f"block +{h + 1}: MAE of P50 {mae:.3f}   coverage P10..P90 {inside:.1%}")
print(f"same block yesterday: MAE {naive:.3f}")
