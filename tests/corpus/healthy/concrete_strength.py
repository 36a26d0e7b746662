"""Compressive strength of concrete mixes: small regression service model.

Usage: concrete_strength.py [--epochs N] [--width N] [--seed N]
"""
from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

log = logging.getLogger("concrete")


@dataclass(frozen=True)
class Config:
    seed: int = 11
    samples: int = 3000
    width: int = 64
    epochs: int = 40
    batch_size: int = 64
    learning_rate: float = 4e-3


@dataclass
class Standardiser:
    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def fit(cls, a: np.ndarray) -> "Standardiser":
        return cls(a.mean(axis=0), a.std(axis=0))

    def apply(self, a: np.ndarray) -> np.ndarray:
        return ((a - self.mean) / self.std).astype(np.float32)

    def undo(self, a: np.ndarray) -> np.ndarray:
        return a * self.std + self.mean


def simulate_mixes(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    cement = rng.uniform(120, 540, n)
    slag = rng.uniform(0, 300, n)
    water = rng.uniform(130, 230, n)
    plasticiser = rng.gamma(2.0, 3.0, n)
    age = rng.choice([3, 7, 14, 28, 56, 90], n)
    binder = cement + 0.6 * slag
    ratio = water * (1 - 0.012 * plasticiser.clip(0, 15)) / binder
    strength = 95 * np.exp(-1.6 * ratio) * (age / (age + 4.5))
    strength += rng.normal(0, 2.0, n)
    return np.stack([cement, slag, water, plasticiser, age], 1), strength[:, None]


def build_model(cfg: Config, n_inputs: int) -> tf.keras.Model:
    model = tf.keras.Sequential(
        [
            tf.keras.Input((n_inputs,)),
            tf.keras.layers.Dense(cfg.width, activation="swish"),
            tf.keras.layers.Dense(cfg.width, activation="swish"),
            tf.keras.layers.Dense(1),
        ]
    )
    schedule = tf.keras.optimizers.schedules.CosineDecay(
        cfg.learning_rate, decay_steps=cfg.epochs * (int(cfg.samples * 0.7) // cfg.batch_size + 1)
    )
    model.compile(optimizer=tf.keras.optimizers.Adam(schedule), loss="mse", metrics=["mae"])
    return model


def main(argv: list[str] | None = None) -> float:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=Config.epochs)
    parser.add_argument("--width", type=int, default=Config.width)
    parser.add_argument("--seed", type=int, default=Config.seed)
    args = parser.parse_args(argv)
    cfg = Config(seed=args.seed, width=args.width, epochs=args.epochs)
    logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s")

    tf.keras.utils.set_random_seed(cfg.seed)
    x, y = simulate_mixes(cfg.samples, np.random.default_rng(cfg.seed))
    a, b = int(0.7 * cfg.samples), int(0.85 * cfg.samples)
    xs, ys = Standardiser.fit(x[:a]), Standardiser.fit(y[:a])

    model = build_model(cfg, x.shape[1])
    hist = model.fit(
        xs.apply(x[:a]), ys.apply(y[:a]),
        validation_data=(xs.apply(x[a:b]), ys.apply(y[a:b])),
        epochs=cfg.epochs, batch_size=cfg.batch_size, verbose=0,
    )
    log.info("final train mse %.4f, validation mse %.4f",
             hist.history["loss"][-1], hist.history["val_loss"][-1])

    pred = ys.undo(model.predict(xs.apply(x[b:]), verbose=0))
    rmse = float(np.sqrt(np.mean((pred - y[b:]) ** 2)))
    r2 = 1 - np.mean((pred - y[b:]) ** 2) / np.var(y[b:])
    print(f"test RMSE {rmse:.2f} MPa, R2 {r2:.4f}")
    return rmse


if __name__ == "__main__":
    main()
