"""Predict the deviation of fired tiles from nominal size out of the kiln log.

kiln_log.csv is exported from the line's historian.
"""
from pathlib import Path

import pandas as pd
import tensorflow as tf
from tensorflow.keras import layers

HERE = Path(__file__).parent
FEATURES = ["peak_temp", "soak_min", "moisture", "press_bar", "belt_speed"]
TARGET = "deviation"


def read_log(path):
    df = pd.read_csv(path, parse_dates=["fired_at"])  # expect-or: target-scale
    df = df.sort_values("fired_at").dropna()
    print(f"{len(df)} tiles, {df.fired_at.min():%d %b} - {df.fired_at.max():%d %b}")
    return df


def split(df, frac=0.8):
    df = df.sample(frac=1.0, random_state=17)
    cut = int(frac * len(df))
    return df.iloc[:cut], df.iloc[cut:]


def to_xy(df, mean, std):
    x = ((df[FEATURES] - mean) / std).to_numpy("float32")
    return x, df[TARGET].to_numpy("float32").reshape(-1, 1)  # expect: target-scale


def build():
    inp = layers.Input((len(FEATURES),), name="process")
    h = layers.Dense(32, activation="relu")(inp)
    h = layers.Dense(32, activation="relu")(h)
    out = layers.Dense(1, name="deviation")(h)
    m = tf.keras.Model(inp, out)
    m.compile(tf.keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])  # expect-or: target-scale
    return m


def r2(y, p):
    return 1.0 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def main():
    tf.keras.utils.set_random_seed(3)
    tr, te = split(read_log(HERE / "kiln_log.csv"))
    mean, std = tr[FEATURES].mean(), tr[FEATURES].std()
    xtr, ytr = to_xy(tr, mean, std)
    xte, yte = to_xy(te, mean, std)
    model = build()
    h = model.fit(xtr, ytr, validation_data=(xte, yte), epochs=16, batch_size=64, verbose=0)
    for e in range(0, 16, 3):
        print(f"epoch {e:2d}  mse {h.history['loss'][e]:.5g}  val {h.history['val_loss'][e]:.5g}")
    print("R2 train %.3f" % r2(ytr, model.predict(xtr, verbose=0)))
    print("R2 test  %.3f" % r2(yte, model.predict(xte, verbose=0)))


if __name__ == "__main__":
    main()
