#!/usr/bin/env python3
"""Customer churn: train the model that the nightly job scores with."""
from __future__ import annotations

import argparse
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import roc_auc_score

NUMERIC = ["tenure", "monthly", "calls"]
CATEGORICAL = {"plan": ["basic", "plus", "pro"], "region": ["n", "e", "s", "w"], "payment": ["card", "debit", "bill"]}


@dataclass(frozen=True)
class Config:
    rows: int = 6000
    epochs: int = 12
    batch: int = 64
    learning_rate: float = 2e-3
    embed: int = 3
    seed: int = 17


def load_customers(rows: int) -> pd.DataFrame:
    g = np.random.default_rng(55)
    df = pd.DataFrame({"tenure": g.gamma(2, 14, rows), "monthly": g.normal(62, 20, rows).clip(10), "calls": g.poisson(1.8, rows)})
    for name, levels in CATEGORICAL.items():
        df[name] = g.choice(levels, rows)
    z = (0.4 - 0.055 * df.tenure + 0.022 * (df.monthly - 62) + 0.6 * (df.calls - 1.8)
         + df.plan.map({"basic": .8, "plus": 0., "pro": -.9}) + df.payment.map({"card": 0., "debit": -.5, "bill": .7})
         + 1.2 * ((df.region == "w") & (df.calls > 2)))
    df["churned"] = (g.random(rows) < 1 / (1 + np.exp(-1.4 * z))).astype("int32")
    return df


class ChurnModel(keras.Model):
    def __init__(self, cfg: Config, norm: keras.layers.Normalization):
        super().__init__()
        self.norm = norm
        self.lookups = {c: keras.layers.StringLookup(vocabulary=v) for c, v in CATEGORICAL.items()}
        self.embeds = {c: keras.layers.Embedding(len(v) + 1, cfg.embed) for c, v in CATEGORICAL.items()}
        self.hidden = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(16, activation="relu")]
        self.drop = keras.layers.Dropout(0.1)
        self.out = keras.layers.Dense(1)

    def call(self, features, training=False):
        parts = [self.norm(features["numeric"])]
        parts += [self.embeds[c](features[c]) for c in CATEGORICAL]
        x = tf.concat(parts, axis=-1)
        for layer in self.hidden:
            x = layer(x)
        return self.out(self.drop(x, training=training))


def to_dataset(df: pd.DataFrame, model_lookups, cfg: Config, training: bool) -> tf.data.Dataset:
    feats = {"numeric": df[NUMERIC].to_numpy("float32")}
    for c in CATEGORICAL:
        feats[c] = model_lookups[c](tf.constant(df[c].tolist()))
    ds = tf.data.Dataset.from_tensor_slices((feats, df["churned"].to_numpy()[:, None]))
    if training:
        ds = ds.shuffle(len(df), seed=cfg.seed, reshuffle_each_iteration=True)
    return ds.batch(cfg.batch).prefetch(2)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=Config.epochs)
    ap.add_argument("--seed", type=int, default=Config.seed)
    cfg = Config(**vars(ap.parse_args()))
    keras.utils.set_random_seed(cfg.seed)

    df = load_customers(cfg.rows)
    shuffled = df.sample(frac=1.0, random_state=2)
    train, val, test = shuffled[:4000], shuffled[4000:5000], shuffled[5000:]
    norm = keras.layers.Normalization()
    norm.adapt(train[NUMERIC].to_numpy("float32"))

    model = ChurnModel(cfg, norm)
    model.compile(optimizer=keras.optimizers.Adam(cfg.learning_rate),
                  loss=keras.losses.BinaryCrossentropy(from_logits=True),
                  metrics=[keras.metrics.AUC(from_logits=True, name="auc")])
    model.fit(to_dataset(train, model.lookups, cfg, True), validation_data=to_dataset(val, model.lookups, cfg, False),
              epochs=cfg.epochs, verbose=2)

    logits = model.predict(to_dataset(test, model.lookups, cfg, False), verbose=0).ravel()
    y = test["churned"].to_numpy()
    print(f"churn rate {y.mean():.3f}  accuracy {((logits > 0) == y).mean():.3f}  AUC {roc_auc_score(y, logits):.3f}")


if __name__ == "__main__":
    main()
