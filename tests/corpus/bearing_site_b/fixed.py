"""Adapt the bearing monitor to rig B, starting from the encoder of rig A."""
from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from rig import CONDITIONS, record

logging.basicConfig(level=logging.INFO, format="%(levelname).1s %(message)s")
log = logging.getLogger("monitor")
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    warm_start: Path = HERE / "encoder_week31_2.npz"
    seed: int = 5
    epochs: int = 8
    batch: int = 64
    rate: float = 1e-3
    rate_after: float = 2e-4


def standardise(train, *others):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return [(a - mean) / std for a in (train, *others)]


def build_encoder() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(96, activation="relu", name="bands"),
            keras.layers.Dense(48, activation="relu", name="code"),
        ],
        name="encoder",
    )


def load_encoder(path: Path) -> keras.Model:
    encoder = build_encoder()
    with np.load(path) as saved:
        encoder.set_weights([saved[k] for k in ("k0", "b0", "k1", "b1")])
    log.info("encoder taken from %s (%d weights)", path.name, encoder.count_params())
    return encoder


class Trainer:
    def __init__(self, cfg: Settings):
        self.cfg = cfg
        self.encoder = load_encoder(cfg.warm_start)
        self.head = keras.layers.Dense(len(CONDITIONS), name="head")
        inputs = keras.Input((64,))
        self.model = keras.Model(inputs, self.head(self.encoder(inputs)))
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.adam = keras.optimizers.Adam(cfg.rate)
        self.adam.build(self.model.trainable_variables)

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = self.loss(y, self.model(x, training=True))
        weights = self.model.trainable_variables
        self.adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss

    def accuracy(self, x, y) -> float:
        return float(np.mean(np.argmax(self.model(x), axis=-1) == y))

    def run(self, train: tf.data.Dataset, held_out) -> float:
        for epoch in range(self.cfg.epochs):
            if epoch == self.cfg.epochs - 4:
                self.adam.learning_rate.assign(self.cfg.rate_after)
            losses = [float(self.step(x, y)) for x, y in train]
            log.info("epoch %2d  loss %.4f  held-out accuracy %.3f",
                     epoch + 1, np.mean(losses), self.accuracy(*held_out))
        return self.accuracy(*held_out)


def main(cfg: Settings) -> None:
    keras.utils.set_random_seed(cfg.seed)
    x, y = record("B", 2400, seed=cfg.seed)
    x_new, y_new = record("B", 800, seed=cfg.seed + 1000)
    x, x_new = standardise(x, x_new)
    train = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(cfg.batch)
    final = Trainer(cfg).run(train, (x_new, y_new))
    log.info("accuracy on fresh recordings of rig B: %.3f", final)


if __name__ == "__main__":
    main(Settings())
