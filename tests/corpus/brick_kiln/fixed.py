"""Weekly refit of the brick strength model.

Reads the export of the kiln log, fits a small network and prints the fit
statistics that go on the board in the control room.
"""
import pathlib

import numpy as np
import pandas as pd
import keras
from keras import layers
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
EXPORT = HERE / "firings_w14.csv"
TARGET = "strength"          # compressive strength, standard score over the year
DROP = ["batch"]


def load(path):
    frame = pd.read_csv(path)
    frame = frame.drop(columns=DROP).dropna()
    y = frame.pop(TARGET).to_numpy("float32")
    return frame.to_numpy("float32"), y, list(frame.columns)


def build(n_inputs):
    net = keras.Sequential(name="strength")
    net.add(keras.Input((n_inputs,)))
    net.add(layers.Dense(64, activation="relu"))
    net.add(layers.Dense(64, activation="relu"))
    net.add(layers.Dense(1))
    net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])
    return net


def main():
    keras.utils.set_random_seed(15)
    X, y, names = load(EXPORT)
    print(f"{len(X)} firings, inputs: {', '.join(names)}")
    X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=15)
    net = build(X.shape[1])
    hist = net.fit(X_tr, y_tr, batch_size=32, epochs=40,
                   validation_data=(X_te, y_te), verbose=0)
    for e in range(0, 40, 8):
        print(f"epoch {e:3d}  mse {hist.history['loss'][e]:.4f}"
              f"  test mse {hist.history['val_loss'][e]:.4f}")
    guess = net.predict(X_te, verbose=0)[:, 0]
    print(f"R2  on held-out firings: {r2_score(y_te, guess):.3f}")
    print(f"MAE on held-out firings: {mean_absolute_error(y_te, guess):.3f}"
          f" (spread {np.std(y_te):.3f})")


if __name__ == "__main__":
    main()
