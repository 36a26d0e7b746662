"""Soft sensor: estimate the moisture of a dried product from plant tags.

Tags come in SI units straight from the historian, so each spans its own range.
"""
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

SEED = 23
TAGS = ["flow_kg_h", "pressure_pa", "temp_k", "vibration_m", "valve_frac"]
BATCH = 64
EPOCHS = 20

keras.utils.set_random_seed(SEED)


def historian(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 5))
    frame = pd.DataFrame(
        {
            "flow_kg_h": 12_000 + 3_000 * z[:, 0],
            "pressure_pa": 210_000 + 40_000 * z[:, 1],
            "temp_k": 340 + 15 * z[:, 2],
            "vibration_m": 4e-4 + 1e-4 * z[:, 3],
            "valve_frac": 0.5 + 0.02 * z[:, 4],
        }
    )
    frame["moisture"] = (
        1.2 * np.sin(1.3 * z[:, 3])
        + 0.8 * z[:, 4] * np.tanh(z[:, 3])
        - 0.5 * z[:, 2]
        + 0.2 * z[:, 0]
        + 0.1 * rng.normal(size=n)
    )
    return frame


class SoftSensor(keras.Model):
    def __init__(self, mean, std, widths=(48, 48)):
        super().__init__()
        self.norm = keras.layers.Normalization(mean=mean, variance=std)  # expect: input-scale
        self.norm.build((None, len(mean)))
        self.hidden = [keras.layers.Dense(w, activation="tanh") for w in widths]
        self.out = keras.layers.Dense(1)

    def call(self, tags, training=False):
        h = self.norm(tags)
        for layer in self.hidden:
            h = layer(h)
        return tf.squeeze(self.out(h), -1)


def pipeline(frame, shuffle):
    tags = frame[TAGS].to_numpy("float32")
    target = frame["moisture"].to_numpy("float32")
    ds = tf.data.Dataset.from_tensor_slices((tags, target))
    if shuffle:
        ds = ds.shuffle(len(frame), seed=SEED)
    return ds.batch(BATCH).prefetch(2)


train = historian(1400, 1)
valid = historian(500, 2)
stats = train[TAGS].agg(["mean", "std"])
print(stats.T.to_string(float_format=lambda v: f"{v:.5g}"))

sensor = SoftSensor(stats.loc["mean"].to_numpy("float32"), stats.loc["std"].to_numpy("float32"))
optimizer = keras.optimizers.Adam(3e-3)
mse = keras.losses.MeanSquaredError()
running = keras.metrics.Mean()


@tf.function
def step(tags, target):
    with tf.GradientTape() as tape:
        loss = mse(target, sensor(tags, training=True))
    grads = tape.gradient(loss, sensor.trainable_variables)
    optimizer.apply_gradients(zip(grads, sensor.trainable_variables))
    return loss


def r_squared(ds):
    truth, guess = [], []
    for tags, target in ds:
        truth.append(target.numpy())
        guess.append(sensor(tags, training=False).numpy())
    truth, guess = np.concatenate(truth), np.concatenate(guess)
    return 1.0 - np.mean((truth - guess) ** 2) / np.var(truth)


train_ds, valid_ds = pipeline(train, True), pipeline(valid, False)
for epoch in range(1, EPOCHS + 1):
    running.reset_state()
    for tags, target in train_ds:
        running.update_state(step(tags, target))
    if epoch % 5 == 0:
        print(f"epoch {epoch:2d}  mse {running.result():.4f}  valid R2 {r_squared(valid_ds):.3f}")

print(f"final: train R2 {r_squared(train_ds):.3f}, valid R2 {r_squared(valid_ds):.3f}")
