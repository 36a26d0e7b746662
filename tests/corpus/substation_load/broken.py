"""Day-ahead load forecast for one substation.

Input: the last 36 hours (load, temperature, clock). Output: load for the next 24 hours.
"""
import argparse
import json
import logging
from dataclasses import dataclass, asdict

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

log = logging.getLogger("load")


@dataclass
class Settings:
    history: int = 36
    horizon: int = 24
    units: int = 80
    batch: int = 32
    epochs: int = 22
    patience: int = 2
    lr: float = 1.2e-3
    val_share: float = 0.2
    test_hours: int = 500
    seed: int = 8


def simulate(hours=2900, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    ar = np.zeros(hours)
    temp_ar = np.zeros(hours)
    for i in range(1, hours):
        ar[i] = 0.9 * ar[i - 1] + rng.normal(0, 1.4)
        temp_ar[i] = 0.97 * temp_ar[i - 1] + rng.normal(0, 0.6)
    day, week = 2 * np.pi * t / 24, 2 * np.pi * t / 168
    temp = 11 + 5 * np.sin(day - 2.2) + temp_ar
    load = 52 + 9 * np.sin(day - 1.6) + 3 * np.sin(2 * day + 0.4) + 2.5 * np.cos(week) - 0.5 * (temp - 11) + ar
    clock = np.stack([np.sin(day), np.cos(day), np.sin(week), np.cos(week)], 1)
    return load.astype("float32"), temp.astype("float32"), clock.astype("float32")


def windows(features, load, first, last, cfg):
    """All windows which lie wholly inside [first, last)."""
    starts = np.arange(first, last - cfg.history - cfg.horizon + 1)
    x = np.stack([features[s:s + cfg.history] for s in starts])
    y = np.stack([load[s + cfg.history:s + cfg.history + cfg.horizon] for s in starts])
    return x, y


def split_windows(x, y, cfg):
    """Hold out a part of the windows for early stopping."""
    n_val = int(cfg.val_share * len(x))
    order = np.random.default_rng(cfg.seed).permutation(len(x))  # expect: leakage
    val, train = order[-n_val:], order[:-n_val - cfg.history - cfg.horizon]  # expect-or: leakage
    return (x[train], y[train]), (x[val], y[val])


def build(cfg, n_features):
    seq = keras.Input((cfg.history, n_features))
    h = layers.GRU(cfg.units)(seq)
    last_day = layers.Flatten()(seq[:, -24:, :])
    h = layers.Concatenate()([h, layers.Dense(cfg.units, activation="relu")(last_day)])
    h = layers.Dense(2 * cfg.units, activation="relu")(h)
    out = layers.Dense(cfg.horizon)(h)
    return keras.Model(seq, out, name="day_ahead")


class Progress(keras.callbacks.Callback):
    def __init__(self, unit):
        super().__init__()
        self.unit = unit

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 3 == 0:
            log.info("epoch %2d  MAE train %.2f MW  val %.2f MW", epoch + 1, logs["mae"] * self.unit, logs["val_mae"] * self.unit)


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=Settings.epochs)
    parser.add_argument("--seed", type=int, default=Settings.seed)
    cfg = Settings(**vars(parser.parse_args(argv)))
    logging.basicConfig(level=logging.INFO, format="%(levelname).1s %(message)s")
    keras.utils.set_random_seed(cfg.seed)
    log.info(json.dumps(asdict(cfg)))

    load, temp, clock = simulate(seed=cfg.seed)
    cut = len(load) - cfg.test_hours
    fit_hours = slice(0, int(cut * (1 - cfg.val_share)))
    mu, sd = load[fit_hours].mean(), load[fit_hours].std()
    z_load = (load - mu) / sd
    z_temp = (temp - temp[fit_hours].mean()) / temp[fit_hours].std()
    features = np.concatenate([z_load[:, None], z_temp[:, None], clock], axis=1)

    x, y = windows(features, z_load, 0, cut, cfg)
    x_test, y_test = windows(features, z_load, cut, len(load), cfg)
    (x_train, y_train), (x_val, y_val) = split_windows(x, y, cfg)
    log.info("windows: train %d, val %d, test %d", len(x_train), len(x_val), len(x_test))

    train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train), seed=cfg.seed).batch(cfg.batch).prefetch(2)
    val = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(256)

    model = build(cfg, x.shape[-1])
    model.compile(keras.optimizers.Adam(cfg.lr, clipnorm=1.0), loss="mse", metrics=["mae"])
    stop = keras.callbacks.EarlyStopping("val_mae", patience=cfg.patience, restore_best_weights=True)
    plateau = keras.callbacks.ReduceLROnPlateau("val_mae", factor=0.5, patience=1, min_lr=1e-4)
    hist = model.fit(train, validation_data=val, epochs=cfg.epochs, verbose=0, callbacks=[Progress(sd), plateau, stop])

    best = int(np.argmin(hist.history["val_mae"]))
    log.info("stopped after %d epochs, best %d: MAE train %.2f MW, val %.2f MW", len(hist.epoch), best + 1,
             hist.history["mae"][best] * sd, hist.history["val_mae"][best] * sd)
    naive = np.abs(y_test - x_test[:, -24:, 0]).mean() * sd
    constant = np.abs(y_test).mean() * sd
    _, mae = model.evaluate(x_test, y_test, verbose=0)
    log.info("test MAE %.2f MW (same as yesterday %.2f, constant %.2f)", mae * sd, naive, constant)


if __name__ == "__main__":
    main()
