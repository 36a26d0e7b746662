import pandas as pd
import numpy as np
import tensorflow as tf

# hourly consumption per building from the meter export
df = pd.read_csv("meters_2024w15.csv")
print(df.describe().T[["mean", "min", "max"]])

feats = pd.DataFrame({
    "log_flow": np.log1p(df["flow_lpm"]) / 4.0,
    "temp": (df["temp_c"] - 12.0) / 7.0,
    "occ": df["occupants"] / 60.0,
    "hsin": np.sin(2 * np.pi * df["hour"] / 24),
    "hcos": np.cos(2 * np.pi * df["hour"] / 24),
})
target = (df["kwh"] - 11.0) / 3.0

cut = 2000
X, Xt = feats.values[:cut].astype("float32"), feats.values[cut:].astype("float32")
y, yt = target.values[:cut].astype("float32"), target.values[cut:].astype("float32")

tf.keras.utils.set_random_seed(3)
inp = tf.keras.Input((X.shape[1],))
h = tf.keras.layers.Dense(48, activation="relu")(inp)
h = tf.keras.layers.Dense(24, activation="relu")(h)
out = tf.keras.layers.Dense(1)(h)
model = tf.keras.Model(inp, out)
model.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])

model.fit(X, y[:, None], epochs=15, batch_size=64, verbose=2,
          validation_data=(Xt, yt[:, None]))

pred = model.predict(Xt, verbose=0)[:, 0]
print("held-out MAE (kWh): %.3f" % (3.0 * np.mean(np.abs(pred - yt))))
