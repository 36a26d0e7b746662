"""Day-ahead load bands (p10 / p50 / p90) for the small grid area."""
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(17)

df = pd.read_csv("load.csv")
ang = 2 * np.pi * df["hour"] / 24.0
feats = pd.DataFrame({
    "sin_h": np.sin(ang),
    "cos_h": np.cos(ang),
    "temp": (df["temp_c"] - 10.0) / 8.0,
    "wind": (df["wind_ms"] - 4.0) / 2.0,
    "weekend": (df["weekday"] >= 5).astype(float),
})
order = np.random.permutation(len(df))
tr, va = order[:2500], order[2500:]

X = feats.to_numpy("float32")
mu, sd = df["load_mw"].iloc[tr].mean(), df["load_mw"].iloc[tr].std()
load = ((df["load_mw"] - mu) / sd).to_numpy("float32")  # expect-or: loss-shape


class Pinball(keras.losses.Loss):
    def __init__(self, tau, name="pinball"):
        super().__init__(name=name)
        self.tau = tau

    def call(self, y_true, y_pred):
        err = y_true - y_pred  # expect: loss-shape
        return tf.maximum(self.tau * err, (self.tau - 1.0) * err)  # expect-or: loss-shape


inp = keras.Input((X.shape[1],))
h = layers.Dense(48, activation="swish")(inp)
h = layers.Dense(48, activation="swish")(h)
heads = {k: layers.Dense(1, name=k)(h) for k in ("p10", "p50", "p90")}
model = keras.Model(inp, heads)

model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss={"p10": Pinball(0.1), "p50": Pinball(0.5), "p90": Pinball(0.9)},
    loss_weights={"p10": 1.0, "p50": 0.5, "p90": 1.0},
)


def targets(idx):
    y = load[idx]  # expect-or: loss-shape
    return {"p10": y, "p50": y, "p90": y}


model.fit(X[tr], targets(tr), validation_data=(X[va], targets(va)),
          epochs=25, batch_size=64, verbose=2)

out = model.predict(X[va], verbose=0)
actual = load[va] * sd + mu
band = {k: v[:, 0] * sd + mu for k, v in out.items()}
inside = np.mean((actual >= band["p10"]) & (actual <= band["p90"]))
print("share inside p10-p90: %.3f" % inside)
print("mean band width (MW): %.1f" % np.mean(band["p90"] - band["p10"]))
print("MAE of p50 (MW): %.2f   (flat forecast: %.2f)" % (
    np.mean(np.abs(actual - band["p50"])), np.mean(np.abs(actual - np.median(actual)))))
