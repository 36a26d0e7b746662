"""Probabilistic day-ahead forecast of a simulated electricity load.

Training windows come from an endless simulator, so no window is seen twice.
Three quantiles are predicted at once with the pinball loss.
"""
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(42)

PAST, AHEAD = 72, 12
QUANTILES = (0.1, 0.5, 0.9)
BATCH = 64


def simulate(rng, n):
    """n windows of hourly load in MW, each from its own town."""
    t0 = rng.integers(0, 168, (n, 1))
    t = t0 + np.arange(PAST + AHEAD)
    level = rng.uniform(300, 900, (n, 1))
    swing = rng.uniform(0.1, 0.3, (n, 1))
    shift = rng.uniform(0, 24, (n, 1))
    daily = np.sin(2 * np.pi * (t - shift) / 24) + 0.4 * np.sin(4 * np.pi * (t - shift) / 24)
    trend = rng.normal(0, 0.0015, (n, 1)) * np.arange(PAST + AHEAD)
    noise = np.zeros((n, PAST + AHEAD))
    shock = rng.normal(0, 0.02, noise.shape)
    noise[:, 0] = shock[:, 0]
    for k in range(1, PAST + AHEAD):
        noise[:, k] = 0.85 * noise[:, k - 1] + shock[:, k]
    load = level * (1 + swing * daily + trend + noise)
    return load[:, :PAST].astype("float32"), load[:, PAST:].astype("float32")


def endless():
    rng = np.random.default_rng(1)
    while True:
        yield simulate(rng, BATCH)


train = tf.data.Dataset.from_generator(
    endless,
    output_signature=(
        tf.TensorSpec((BATCH, PAST), tf.float32),
        tf.TensorSpec((BATCH, AHEAD), tf.float32),
    ),
).prefetch(1)
x_val, y_val = simulate(np.random.default_rng(1001), 500)
x_test, y_test = simulate(np.random.default_rng(1002), 1000)


def pinball(y_true, y_pred):
    """y_true [b, AHEAD], y_pred [b, AHEAD, 3], relative to the size of the load."""
    err = (ops.expand_dims(y_true, -1) - y_pred) / 100.0
    q = ops.convert_to_tensor(np.array(QUANTILES, "float32"))
    return ops.mean(ops.maximum(q * err, (q - 1.0) * err), axis=(1, 2))


past = keras.Input((PAST,))
scale = layers.Lambda(lambda v: ops.mean(v, axis=1, keepdims=True))(past)
h = layers.Lambda(lambda z: 5.0 * (z[0] / z[1] - 1.0))([past, scale])
h = layers.Dense(96, activation="gelu")(h)
h = layers.Dense(64, activation="gelu")(h)
h = layers.Dense(AHEAD * 3)(h)
h = layers.Reshape((AHEAD, 3))(h)
out = layers.Lambda(lambda z: ops.expand_dims(z[1], -1) * (1.0 + 0.2 * z[0]))([h, scale])
model = keras.Model(past, out)

model.compile(keras.optimizers.AdamW(2e-3, weight_decay=1e-4), loss=pinball)
model.fit(
    train,
    steps_per_epoch=150,
    epochs=12,
    validation_data=(x_val, y_val),
    callbacks=[keras.callbacks.LearningRateScheduler(lambda e: 2e-3 * 0.8 ** e)],
    verbose=2,
)

forecast = model.predict(x_test, verbose=0)
yesterday = x_test[:, -24:-24 + AHEAD]
last = np.repeat(x_test[:, -1:], AHEAD, axis=1)
mae = lambda guess: np.mean(np.abs(guess - y_test))
print(f"MAE last value {mae(last):.1f} MW | same hour yesterday {mae(yesterday):.1f} MW | "
      f"median forecast {mae(forecast[..., 1]):.1f} MW")
inside = np.mean((y_test > forecast[..., 0]) & (y_test < forecast[..., 2]))
print(f"share inside the 10-90 % band: {inside:.3f} (nominal 0.800)")
