"""Hourly demand forecast, trainer entry point.

Configuration is taken from conf/<env>/job.json.
"""
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
LOG = logging.getLogger("demand")
ENV = os.environ.get("DEMAND_ENV", "dev")  # expect: too-few-steps


@dataclass(frozen=True)
class JobConfig:
    window: int
    horizon: int
    batch_size: int
    max_steps: int
    learning_rate: float
    hidden: int
    log_every: int

    @classmethod
    def load(cls, env):
        return cls(**json.loads(Path("conf", env, "job.json").read_text()))  # expect-or: too-few-steps


def load_series(hours=24 * 180):
    rng = np.random.default_rng(0)
    t = np.arange(hours)
    day, week = 2 * np.pi * t / 24, 2 * np.pi * t / 168
    temp = np.convolve(rng.normal(0, 1, hours), np.ones(30) / 30, "same") * 5
    y = 40 + 12 * np.sin(day - 1) + 5 * np.sin(2 * day) + 6 * np.sin(week) + 2.5 * np.maximum(temp, 0) ** 1.3
    y = y + rng.normal(0, 0.8, hours)
    series = np.stack([y, temp], 1).astype("float32")
    split = int(hours * 0.8)
    mean, std = series[:split].mean(0), series[:split].std(0)
    return (series[:split] - mean) / std, (series[split:] - mean) / std


def windows(series, cfg, training):
    n = len(series) - cfg.window - cfg.horizon + 1

    def gen():
        for i in np.random.default_rng(1).permutation(n) if training else range(n):
            yield series[i:i + cfg.window], series[i + cfg.window + cfg.horizon - 1, 0]

    ds = tf.data.Dataset.from_generator(
        gen,
        output_signature=(tf.TensorSpec((cfg.window, 2), tf.float32), tf.TensorSpec((), tf.float32)),
    )
    if training:
        ds = ds.cache().shuffle(4096).repeat()
    return ds.batch(cfg.batch_size).prefetch(2)


def build(cfg):
    inp = tf.keras.Input((cfg.window, 2))
    x = tf.keras.layers.Conv1D(cfg.hidden, 6, strides=3, activation="relu")(inp)
    x = tf.keras.layers.Conv1D(cfg.hidden, 3, strides=2, activation="relu")(x)
    x = tf.keras.layers.Flatten()(x)
    x = tf.keras.layers.Dense(cfg.hidden, activation="relu")(x)
    return tf.keras.Model(inp, tf.keras.layers.Dense(1)(x))


def main():
    cfg = JobConfig.load(ENV)
    LOG.info("env=%s %s", ENV, cfg)
    tf.keras.utils.set_random_seed(0)
    train, test = load_series()
    model = build(cfg)
    opt = tf.keras.optimizers.Adam(cfg.learning_rate)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.squeeze(model(x, training=True), -1) - y))
        opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss

    for i, (x, y) in enumerate(windows(train, cfg, True).take(cfg.max_steps), start=1):  # expect-or: too-few-steps
        loss = step(x, y)
        if i % cfg.log_every == 0:
            LOG.info("step %d/%d loss %.4f", i, cfg.max_steps, loss)

    pred, true = [], []
    for x, y in windows(test, cfg, False):
        pred.append(model(x, training=False).numpy()[:, 0])
        true.append(y.numpy())
    pred, true = np.concatenate(pred), np.concatenate(true)
    LOG.info("hold-out RMSE / std: %.4f", np.sqrt(np.mean((pred - true) ** 2)) / true.std())
    model.save_weights("model.weights.h5")


if __name__ == "__main__":
    main()
