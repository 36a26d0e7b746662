#!/usr/bin/env python
# Day-ahead-ish load forecasting on feeder 7, chapter 4 experiments.
# usage: python train.py [--history 48] [--horizon 6] [--epochs 8]
#
# Predict the load `horizon` hours ahead from the last `history` hours of load and
# temperature plus calendar covariates of the target hour. Baselines at the bottom.
import argparse
import math
import pathlib
import time
from dataclasses import asdict, dataclass

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

HERE = pathlib.Path(__file__).resolve().parent


@dataclass
class Cfg:
    data: str = "feeder7.npz"
    history: int = 48
    horizon: int = 6
    channels: int = 16
    width: int = 64
    batch: int = 64
    epochs: int = 8
    peak_lr: float = 3e-3
    min_lr_frac: float = 0.0
    weight_decay: float = 1e-4
    clip: float = 1.0
    train_frac: float = 0.7
    val_frac: float = 0.15
    seed: int = 3


def parse():
    ap = argparse.ArgumentParser()
    for k, v in asdict(Cfg()).items():
        ap.add_argument("--" + k.replace("_", "-"), type=type(v), default=v)
    return Cfg(**vars(ap.parse_args()))


# ---------------------------------------------------------------- data ------

class Series:
    """The raw series and the statistics of its training part."""

    def __init__(self, path, train_frac):
        with np.load(path) as z:
            self.load = z["load_mw"].astype("float32")
            self.temp = z["temp_c"].astype("float32")
            self.hour = z["hour"].astype("float32")
            self.dow = z["dow"].astype("float32")
        self.n_train = int(len(self.load) * train_frac)
        tr = slice(0, self.n_train)
        self.load_mu, self.load_sd = self.load[tr].mean(), self.load[tr].std()
        self.temp_mu, self.temp_sd = self.temp[tr].mean(), self.temp[tr].std()

    def __len__(self):
        return len(self.load)

    def scaled(self):
        return (self.load - self.load_mu) / self.load_sd, (self.temp - self.temp_mu) / self.temp_sd

    def to_mw(self, z):
        return z * self.load_sd + self.load_mu

    def calendar(self):
        h, d = 2 * np.pi * self.hour / 24, 2 * np.pi * self.dow / 7
        return np.stack(
            [np.sin(h), np.cos(h), np.sin(2 * h), np.cos(2 * h), np.sin(d), np.cos(d), self.dow >= 5], 1
        ).astype("float32")


def make_windows(series, cfg, lo, hi):
    """All windows whose *inputs and target* lie in [lo, hi)."""
    load, temp = series.scaled()
    cal = series.calendar()
    starts = np.arange(lo, hi - cfg.history - cfg.horizon + 1)
    rows = starts[:, None] + np.arange(cfg.history)[None, :]
    past = np.stack([load[rows], temp[rows]], axis=-1)
    tgt = starts + cfg.history + cfg.horizon - 1
    return {"past": past, "calendar": cal[tgt]}, load[tgt][:, None], tgt


def make_dataset(x, y, cfg, training):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(len(y), seed=cfg.seed)
    return ds.batch(cfg.batch).prefetch(2)


# --------------------------------------------------------------- model ------

def conv_block(x, ch, dilation):
    r = x
    x = layers.Conv1D(ch, 3, padding="causal", dilation_rate=dilation, activation="relu")(x)
    if r.shape[-1] != ch:
        r = layers.Conv1D(ch, 1)(r)
    return layers.Add()([x, r])


def build(cfg):
    past = keras.Input((cfg.history, 2), name="past")
    cal = keras.Input((7,), name="calendar")
    h = past
    for dil in (1, 3, 9):
        h = conv_block(h, cfg.channels, dil)
    h = h[:, -1]
    h = layers.Concatenate()([h, cal])
    h = layers.Dense(cfg.width, activation="gelu")(h)
    out = layers.Dense(1)(h)
    return keras.Model({"past": past, "calendar": cal}, out, name="tcn")


def build_optimizer(cfg, steps_per_epoch):
    total = cfg.epochs * steps_per_epoch
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=cfg.peak_lr,
        decay_steps=total,
        alpha=cfg.min_lr_frac,
    )
    print(f"optimiser: adamw, {total} updates in all")
    return keras.optimizers.AdamW(schedule, weight_decay=cfg.weight_decay, global_clipnorm=cfg.clip)


# ---------------------------------------------------------- evaluation ------

def scores(y, p):
    e = p - y
    return dict(mae=float(np.abs(e).mean()), rmse=float(np.sqrt((e**2).mean())), bias=float(e.mean()))


def evaluate(model, series, cfg, split_name, x, y, tgt):
    pred = series.to_mw(model.predict(x, batch_size=512, verbose=0)[:, 0])
    true = series.to_mw(y[:, 0])
    table = {
        "tcn": scores(true, pred),
        "persistence": scores(true, series.load[tgt - cfg.horizon]),
        "same hour yesterday": scores(true, series.load[tgt - 24]),
        "training mean": scores(true, np.full_like(true, series.load_mu)),
    }
    print(f"\n{split_name}: {len(true)} hours")
    print(f"{'':22s}{'MAE':>9s}{'RMSE':>9s}{'bias':>9s}")
    for name, s in table.items():
        print(f"{name:22s}{s['mae']:9.2f}{s['rmse']:9.2f}{s['bias']:9.2f}")
    return table


def main():
    cfg = parse()
    keras.utils.set_random_seed(cfg.seed)
    series = Series(HERE / cfg.data, cfg.train_frac)
    n = len(series)
    cut1, cut2 = series.n_train, int(n * (cfg.train_frac + cfg.val_frac))

    xtr, ytr, _ = make_windows(series, cfg, 0, cut1)
    xva, yva, tva = make_windows(series, cfg, cut1, cut2)
    xte, yte, tte = make_windows(series, cfg, cut2, n)
    print("windows", len(ytr), len(yva), len(yte))

    model = build(cfg)
    steps = math.ceil(len(ytr) / cfg.batch)
    model.compile(optimizer=build_optimizer(cfg, steps), loss=keras.losses.Huber(), metrics=["mae"])

    t0 = time.time()
    hist = model.fit(
        make_dataset(xtr, ytr, cfg, True),
        validation_data=make_dataset(xva, yva, cfg, False),
        epochs=cfg.epochs,
        verbose=0,
    )
    for i, (a, b) in enumerate(zip(hist.history["loss"], hist.history["val_loss"]), 1):
        if i % 2 == 0 or i == 1:
            print(f"  ep {i:3d}  huber {a:.4f}  val {b:.4f}")
    print(f"{time.time() - t0:.1f}s, {model.count_params()} parameters")

    evaluate(model, series, cfg, "validation", xva, yva, tva)
    evaluate(model, series, cfg, "test", xte, yte, tte)


if __name__ == "__main__":
    main()
