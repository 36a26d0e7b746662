"""House prices, course exercise 4.

usage: fixed.py [--config run.json]
"""
import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from keras import Sequential, layers, optimizers, utils
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent


def read_config():
    ap = argparse.ArgumentParser()
    ap.add_argument("--config", default="run_b.json")
    return json.loads((HERE / ap.parse_args().config).read_text())


def build(n_features, cfg):
    net = Sequential([layers.Input((n_features,))])
    for units in cfg["hidden"]:
        net.add(layers.Dense(units, activation="relu"))
    net.add(layers.Dense(1))
    net.compile(optimizer=optimizers.Adam(cfg["lr"]), loss=cfg["loss"], metrics=["mae"])
    return net


def main():
    cfg = read_config()
    utils.set_random_seed(cfg["seed"])
    houses = pd.read_csv(HERE / "houses.csv")
    print(houses.describe().round(2).T[["mean", "std", "min", "max"]])

    x = houses[cfg["features"]].to_numpy("float32")
    y = houses[cfg["target"]].to_numpy("float32")
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=cfg["seed"])
    scaler = StandardScaler()
    x_train = scaler.fit_transform(x_train)
    x_test = scaler.transform(x_test)

    net = build(x.shape[1], cfg)
    log = net.fit(x_train, y_train, validation_split=0.1, epochs=cfg["epochs"],
                  batch_size=cfg["batch"], verbose=0)
    for e in range(0, cfg["epochs"], 5):
        print(e, {k: round(v[e], 4) for k, v in log.history.items()})

    pred = net.predict(x_test, verbose=0)[:, 0]
    print("R2 on the test houses:", round(r2_score(y_test, pred), 3))
    print(pd.DataFrame({"truth": y_test[:6], "predicted": pred[:6]}))


if __name__ == "__main__":
    main()
