# -*- coding: utf-8 -*-
"""Automated valuation model (AVM), residential.

Everything tunable is in config.json. The script reads the listings of the last two
years, trains, and writes the accuracy summary that the valuation team asks for:
median absolute percentage error, share of valuations within 10 % and 20 %.
"""
import argparse
import json
import logging
import os
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import keras
from keras import layers

logger = logging.getLogger("avm")
HERE = os.path.dirname(os.path.abspath(__file__))


def load_config(path):
    with open(path) as f:
        cfg = SimpleNamespace(**json.load(f))
    logger.info("configuration: %s", vars(cfg))
    return cfg


def load_listings(cfg):
    df = pd.read_csv(os.path.join(HERE, cfg.data))
    before = len(df)
    df = df[(df[cfg.target] > 10_000) & (df["living_m2"] > 15)]
    logger.info("%d listings, %d dropped", len(df), before - len(df))
    return df.reset_index(drop=True)


def add_features(df, cfg):
    """Age instead of year of construction, floor space per room, plot ratio."""
    df = df.copy()
    df["age"] = 2022 - df["built"]
    df["m2_per_room"] = df["living_m2"] / df["rooms"].clip(lower=1)
    df["plot_ratio"] = df["lot_m2"] / df["living_m2"]
    df["log_living"] = np.log(df["living_m2"])
    numeric = [c for c in cfg.numeric if c != "built"]
    return df, numeric + ["age", "m2_per_room", "plot_ratio", "log_living"]


class Preprocessor:
    def __init__(self, numeric, categorical):
        self.numeric = list(numeric)
        self.categorical = list(categorical)
        self.scaler = StandardScaler()
        self.encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore")

    def fit(self, df):
        self.scaler.fit(df[self.numeric])
        self.encoder.fit(df[self.categorical])
        return self

    def transform(self, df):
        block = df[self.numeric].astype("float64")
        block = self.scaler.transform(block)
        onehot = self.encoder.transform(df[self.categorical])
        return np.hstack([np.asarray(block), onehot]).astype("float32")


class LogTarget:
    """log price, centred and scaled on the training part"""

    def fit(self, price):
        z = np.log(price)
        self.mu, self.sd = float(z.mean()), float(z.std())
        return self

    def forward(self, price):
        return ((np.log(price) - self.mu) / self.sd).astype("float32").reshape(-1, 1)

    def backward(self, z):
        return np.exp(np.ravel(z) * self.sd + self.mu)


def three_way_split(n, cfg):
    rng = np.random.RandomState(cfg.seed)
    order = rng.permutation(n)
    n_test, n_val = int(n * cfg.test_fraction), int(n * cfg.val_fraction)
    return order[n_test + n_val :], order[n_test : n_test + n_val], order[:n_test]


def build_network(n_inputs, cfg):
    net = keras.Sequential(name="avm")
    net.add(keras.Input(shape=(n_inputs,)))
    for units in cfg.hidden:
        net.add(layers.Dense(units, activation="relu"))
    net.add(layers.Dense(1))
    net.compile(
        optimizer=keras.optimizers.Adam(cfg.learning_rate),
        loss="mse",
        metrics=[keras.metrics.MeanAbsoluteError(name="mae")],
    )
    return net


def accuracy_summary(price, estimate, label):
    ape = np.abs(estimate - price) / price
    ss_res = np.sum((np.log(price) - np.log(estimate)) ** 2)
    ss_tot = np.sum((np.log(price) - np.log(price).mean()) ** 2)
    return {
        "part": label,
        "n": len(price),
        "MdAPE %": round(100 * float(np.median(ape)), 2),
        "within 10 %": round(100 * float(np.mean(ape < 0.10)), 1),
        "within 20 %": round(100 * float(np.mean(ape < 0.20)), 1),
        "R2 (log)": round(1 - ss_res / ss_tot, 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default=os.path.join(HERE, "config.json"))
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO, format="[%(name)s] %(message)s")

    cfg = load_config(args.config)
    keras.utils.set_random_seed(cfg.seed)

    df, numeric = add_features(load_listings(cfg), cfg)
    tr, va, te = three_way_split(len(df), cfg)

    prep = Preprocessor(numeric, cfg.categorical).fit(df.iloc[tr])
    target = LogTarget().fit(df[cfg.target].to_numpy()[tr])
    X = prep.transform(df)
    y = target.forward(df[cfg.target].to_numpy())
    logger.info("design matrix %s", X.shape)

    net = build_network(X.shape[1], cfg)
    hist = net.fit(
        X[tr],
        y[tr],
        validation_data=(X[va], y[va]),
        batch_size=cfg.batch_size,
        epochs=cfg.epochs,
        verbose=0,
    )
    h = pd.DataFrame(hist.history)
    h.index += 1
    print(h.iloc[[0, 2, 5, 9, len(h) - 1]].round(4).to_string())

    price = df[cfg.target].to_numpy()
    rows = [
        accuracy_summary(price[i], target.backward(net.predict(X[i], verbose=0)), name)
        for name, i in (("train", tr), ("validation", va), ("test", te))
    ]
    print(pd.DataFrame(rows).to_string(index=False))


if __name__ == "__main__":
    main()
