"""Quantile bands for harbour water level, in centimetres (no scaling of the target).

Three pinball losses at once; the median starts at the training median.
"""
import numpy as np
import tensorflow as tf
from tensorflow import keras

TAUS = np.array([0.05, 0.5, 0.95], dtype="float32")
keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)

# two months of ten-minute gauges thinned to hourly, with wind set-up
hours = np.arange(24 * 150)
wind = np.zeros(len(hours))
for k in range(1, len(hours)):
    wind[k] = 0.96 * wind[k - 1] + rng.normal(0, 0.9)
level = (412 + 118 * np.cos(2 * np.pi * hours / 12.42) + 37 * np.cos(2 * np.pi * hours / 12.0 + 1.1)
         + 9.5 * wind + rng.normal(0, 4 + 1.6 * np.abs(wind)))

phase = [f(2 * np.pi * hours / p) for p in (12.42, 12.0) for f in (np.sin, np.cos)]
X = np.stack(phase + [wind / wind[:2400].std()], axis=1).astype("float32")
Y = level.astype("float32")[:, None]
x_fit, y_fit = X[:2400], Y[:2400]
x_new, y_new = X[2448:], Y[2448:]


def pinball(y_true, q):
    gap = y_true - q
    return tf.reduce_mean(tf.maximum(TAUS * gap, (TAUS - 1.0) * gap), axis=-1)


def inside(y_true, q):
    ok = tf.logical_and(y_true[:, 0] >= q[:, 0], y_true[:, 0] <= q[:, 2])
    return tf.cast(ok, tf.float32)


start = np.quantile(y_fit, TAUS).tolist()
net = keras.Sequential([
    keras.Input((X.shape[1],)),
    keras.layers.Dense(48, activation="swish"),
    keras.layers.Dense(48, activation="swish"),
    keras.layers.Dense(3, bias_initializer=lambda shape, dtype=None: tf.constant(start, dtype)),
])
steps = 16 * len(x_fit) // 32
net.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.03, steps)),
            loss=pinball, metrics=[inside])
net.fit(x_fit, y_fit, batch_size=32, epochs=16, validation_data=(x_new, y_new), verbose=2)

bands = net.predict(x_new, verbose=0)
print("share below each band:", [round(float((y_new[:, 0] < bands[:, k]).mean()), 3) for k in range(3)])
print("mean width of the 90 %% band: %.1f cm" % (bands[:, 2] - bands[:, 0]).mean())
print("MAE of the median: %.1f cm  (spread of levels %.1f cm)"
      % (np.abs(y_new[:, 0] - bands[:, 1]).mean(), y_new.std()))
