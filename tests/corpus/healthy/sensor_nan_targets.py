"""Soft sensor: temperature, pressure and pH from 16 process signals; the lab values are often missing."""
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)

N = 6000
TARGETS = ["temp_K", "press_kPa", "pH"]
TASK_WEIGHT = tf.constant([1.0, 1.0, 2.0])

z = rng.normal(size=(N, 4))
mix = rng.normal(size=(4, 16))
signals = np.tanh(z @ mix * 0.4) + 0.05 * rng.normal(size=(N, 16))
lab = pd.DataFrame({
    "temp_K": 350 + 12 * z[:, 0] + 5 * z[:, 1] * z[:, 2] + rng.normal(0, 1.5, N),
    "press_kPa": 900 + 80 * np.tanh(z[:, 1]) + 40 * z[:, 3] + rng.normal(0, 8, N),
    "pH": 6.8 + 0.4 * np.sin(z[:, 2]) - 0.2 * z[:, 0] + rng.normal(0, 0.04, N),
})
lab = lab.mask(rng.random(lab.shape) < np.array([0.2, 0.5, 0.7]))
print("missing lab values:")
print(lab.isna().mean().round(2).to_string())

a, b = int(0.7 * N), int(0.85 * N)
mean, std = lab[:a].mean(), lab[:a].std()
T = ((lab - mean) / std).to_numpy("float32")
S = signals.astype("float32")


def masked_mse(y_true, y_pred):
    known = tf.math.is_finite(y_true)
    y_safe = tf.where(known, y_true, tf.zeros_like(y_true))
    err = tf.where(known, tf.square(y_safe - y_pred), tf.zeros_like(y_pred))
    count = tf.maximum(tf.reduce_sum(tf.cast(known, tf.float32), axis=0), 1.0)
    per_task = tf.reduce_sum(err, axis=0) / count
    return tf.reduce_sum(TASK_WEIGHT * per_task) / tf.reduce_sum(TASK_WEIGHT)


inp = tf.keras.Input((16,))
trunk = tf.keras.layers.Dense(64, activation="relu")(inp)
trunk = tf.keras.layers.Dense(64, activation="relu")(trunk)
heads = [tf.keras.layers.Dense(1, name=t)(tf.keras.layers.Dense(16, activation="relu")(trunk)) for t in TARGETS]
model = tf.keras.Model(inp, tf.keras.layers.Concatenate()(heads))
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss=masked_mse)

h = model.fit(S[:a], T[:a], validation_data=(S[a:b], T[a:b]), epochs=20, batch_size=64, verbose=0).history
for e in range(0, 20, 2):
    print(f"epoch {e + 1:2d}  loss {h['loss'][e]:.4f}  val {h['val_loss'][e]:.4f}")

pred = model.predict(S[b:], verbose=0) * std.to_numpy() + mean.to_numpy()
for j, t in enumerate(TARGETS):
    truth = lab[t].to_numpy()[b:]
    ok = ~np.isnan(truth)
    r2 = 1 - np.mean((pred[ok, j] - truth[ok]) ** 2) / np.var(truth[ok])
    print(f"{t:10s} test rows with a lab value {ok.sum():4d}  MAE {np.abs(pred[ok, j] - truth[ok]).mean():7.3f}  R2 {r2:.3f}")
