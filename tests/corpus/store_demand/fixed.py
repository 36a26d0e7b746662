"""Daily demand per store.

sales.csv   one row per store and day (store, weekday, promo, units)
stores.csv  master data (store, floor_area, residents, rivals)
"""
from pathlib import Path

import numpy as np
import pandas as pd
import keras
from keras import layers
from sklearn.model_selection import train_test_split

HERE = Path(__file__).resolve().parent
CONFIG = {
    "numeric": ["floor_area", "residents", "rivals"],
    "flags": ["promo", "weekend"],
    "target": "units",
    "hidden": (32, 16),
    "epochs": 10,
    "batch": 32,
    "lr": 3e-3,
    "seed": 9,
}


def load_table():
    sales = pd.read_csv(HERE / "sales.csv")
    stores = pd.read_csv(HERE / "stores.csv", dtype={"store": str})

    sales["store"] = sales["store"].astype(str).str.zfill(3)
    table = sales.merge(stores, on="store", how="left")
    table["weekend"] = (table["weekday"] >= 5).astype(int)
    table[CONFIG["numeric"]] = table[CONFIG["numeric"]].fillna(0.0)
    return table


class ColumnScaler:
    """Standardise the columns by the training rows."""

    def fit(self, frame):
        self.mean = frame.mean()
        self.std = frame.std().replace(0.0, 1.0)
        return self

    def __call__(self, frame):
        return (frame - self.mean) / self.std

    def undo(self, values):
        return values * self.std + self.mean


def features(frame, scaler):
    numeric = scaler(frame[CONFIG["numeric"]])
    return np.hstack([numeric.to_numpy(), frame[CONFIG["flags"]].to_numpy()]).astype("float32")


def build(n_inputs):
    stack = [keras.Input((n_inputs,))]
    stack += [layers.Dense(u, activation="relu") for u in CONFIG["hidden"]]
    stack += [layers.Dense(1)]
    net = keras.Sequential(stack)
    net.compile(optimizer=keras.optimizers.Adam(CONFIG["lr"]), loss="mse", metrics=["mae"])
    return net


def main():
    keras.utils.set_random_seed(CONFIG["seed"])
    table = load_table()
    train, test = train_test_split(table, test_size=0.2, random_state=CONFIG["seed"])
    print(f"{len(train)} training rows, {len(test)} test rows, {table['store'].nunique()} stores")

    x_scale = ColumnScaler().fit(train[CONFIG["numeric"]])
    y_scale = ColumnScaler().fit(train[[CONFIG["target"]]])
    target = y_scale(train[[CONFIG["target"]]]).to_numpy("float32")
    target_test = y_scale(test[[CONFIG["target"]]]).to_numpy("float32")

    net = build(len(CONFIG["numeric"]) + len(CONFIG["flags"]))
    hist = net.fit(
        features(train, x_scale), target,
        validation_data=(features(test, x_scale), target_test),
        epochs=CONFIG["epochs"], batch_size=CONFIG["batch"], verbose=0,
    )
    for e in range(1, CONFIG["epochs"], 2):
        print(f"epoch {e + 1}: mse {hist.history['loss'][e]:.4f}, "
              f"val mse {hist.history['val_loss'][e]:.4f}")

    units = y_scale.undo(pd.DataFrame(net.predict(features(test, x_scale), verbose=0),
                                      columns=[CONFIG["target"]]))["units"].to_numpy()
    truth = test["units"].to_numpy()
    r2 = 1 - np.sum((truth - units) ** 2) / np.sum((truth - truth.mean()) ** 2)
    print(f"MAE {np.abs(truth - units).mean():.1f} units, R2 {r2:.3f}")


if __name__ == "__main__":
    main()
