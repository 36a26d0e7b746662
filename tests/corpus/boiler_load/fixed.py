"""Nightly training of the boiler load model from the plant historian export."""
import numpy as np
import pandas as pd
import keras

DATA = "readings_v3.csv"
FEATURES = ["flow", "pressure", "valve", "dt", "fan", "ambient"]
TARGET = "load"


def load_table(path):
    frame = pd.read_csv(path)
    frame = frame.sample(frac=1.0, random_state=4).reset_index(drop=True)
    x = frame[FEATURES].to_numpy("float32")
    y = frame[TARGET].to_numpy("float32")
    return x, y


def build():
    model = keras.Sequential([
        keras.Input((len(FEATURES),)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dense(24, activation="relu"),
        keras.layers.Dense(1),
    ])
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])
    return model


def main():
    keras.utils.set_random_seed(11)
    x, y = load_table(DATA)
    cut = int(0.8 * len(x))
    model = build()
    model.fit(x[:cut], y[:cut], validation_data=(x[cut:], y[cut:]), epochs=20, batch_size=32, verbose=2)
    pred = model.predict(x[cut:], verbose=0)[:, 0]
    r2 = 1 - np.mean((pred - y[cut:]) ** 2) / np.var(y[cut:])
    print(f"held-out R2 {r2:.3f}")


if __name__ == "__main__":
    main()
