#!/usr/bin/env python
"""Bearing fault type from accelerometer records (impact hammer bench).

Usage:  script.py [--config bench_2.ini] [--epochs N]
"""
import argparse
import configparser
import math
import os

import keras
import numpy as np
from keras import layers

FAULTS = ("healthy", "inner race", "outer race", "cage")


class Bench:
    """Records as the acquisition card stores them: 12 bit, trigger at sample 256."""

    length = 640
    trigger = 256
    lsb = 1.0 / 512

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def record(self, kind):
        t = np.arange(self.length - self.trigger)
        base = (0.055, 0.085, 0.12, 0.16)[kind] * self.rng.normal(1.0, 0.04)
        damping = self.rng.uniform(90, 220)
        ring = np.exp(-t / damping) * np.sin(2 * math.pi * base * t + self.rng.uniform(0, 6.28))
        ring += self.rng.normal(0, 0.15, t.size)
        out = np.zeros(self.length)
        out[self.trigger:] = ring * self.rng.uniform(0.8, 1.3)
        out += self.rng.normal(0, self.lsb / 12, self.length)
        return np.round(out / self.lsb) * self.lsb

    def campaign(self, n):
        kinds = self.rng.integers(0, len(FAULTS), n)
        return np.stack([self.record(k) for k in kinds]).astype("float32"), kinds.astype("int32")


class Windows(keras.utils.PyDataset):
    def __init__(self, records, kinds, start, width, batch, shuffle, **kw):
        super().__init__(**kw)
        self.records, self.kinds = records, kinds
        self.start, self.width, self.batch, self.shuffle = start, width, batch, shuffle
        self.order = np.arange(len(records))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.order) / self.batch)

    def __getitem__(self, i):
        take = self.order[i * self.batch:(i + 1) * self.batch]
        x = self.records[take, self.start:self.start + self.width]
        return x[..., None], self.kinds[take]

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.order)


def network(width):
    return keras.Sequential([
        keras.Input((width, 1)),
        layers.Conv1D(16, 9, strides=2, activation="relu"),
        layers.Conv1D(24, 7, strides=2, activation="relu"),
        layers.Conv1D(32, 5, strides=2, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(32, activation="relu"),
        layers.Dense(len(FAULTS)),
    ])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--config", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench_2.ini"))
    ap.add_argument("--epochs", type=int, default=7)
    args = ap.parse_args()
    cfg = configparser.ConfigParser()
    cfg.read(args.config)
    start = cfg.getint("window", "start")
    width = cfg.getint("window", "width")

    keras.utils.set_random_seed(cfg.getint("run", "seed", fallback=0))
    x, y = Bench(seed=1).campaign(1200)
    xv, yv = Bench(seed=2).campaign(400)
    batch = cfg.getint("run", "batch")
    train = Windows(x, y, start, width, batch, shuffle=True)
    valid = Windows(xv, yv, start, width, batch, shuffle=False)

    model = network(width)
    model.compile(
        optimizer=keras.optimizers.Adam(cfg.getfloat("run", "lr")),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(train, validation_data=valid, epochs=args.epochs, verbose=2)

    guess = model.predict(valid, verbose=0).argmax(-1)
    for k, name in enumerate(FAULTS):
        print("%-12s recall %.2f" % (name, np.mean(guess[yv == k] == k)))


if __name__ == "__main__":
    main()
