"""Fault alarm from raw vibration windows, (window, 4 sensors) -> broken bearing yes/no."""
import dataclasses

import keras
import numpy as np
from keras import layers


@dataclasses.dataclass(frozen=True)
class Config:
    seed: int = 13
    window: int = 160
    sensors: int = 4
    n_train: int = 1600
    n_valid: int = 400
    units: int = 32
    batch: int = 64
    epochs: int = 8
    lr: float = 2e-3


def windows(cfg, n, rng):
    """Both kinds hum; a broken bearing adds a short knock at a fixed interval."""
    t = np.arange(cfg.window)
    bad = rng.integers(0, 2, n)
    x = np.empty((n, cfg.window, cfg.sensors), "float32")
    for i in range(n):
        hum = np.sin(2 * np.pi * t / rng.uniform(9, 14) + rng.uniform(0, 6.28))
        knock = ((t + rng.integers(0, 15)) % 15 < 2) * bad[i] * 1.5
        gain = rng.uniform(0.7, 1.3, cfg.sensors)
        x[i] = (hum + knock)[:, None] * gain + rng.normal(0, 0.7, (cfg.window, cfg.sensors))
    return x, bad.astype("float32")


def build(cfg):
    inputs = layers.Input((cfg.window, cfg.sensors))
    h = layers.LSTM(cfg.units, activation="tanh")(inputs)
    h = layers.Dense(16, activation="relu")(h)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(h))


def main(cfg=Config()):
    keras.utils.set_random_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    x, y = windows(cfg, cfg.n_train, rng)
    xv, yv = windows(cfg, cfg.n_valid, rng)
    mean, std = x.mean((0, 1)), x.std((0, 1))
    x, xv = (x - mean) / std, (xv - mean) / std

    model = build(cfg)
    steps = cfg.epochs * cfg.n_train // cfg.batch
    lr = keras.optimizers.schedules.CosineDecay(cfg.lr, steps)
    model.compile(keras.optimizers.RMSprop(lr), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=cfg.batch, epochs=cfg.epochs, validation_data=(xv, yv), verbose=2)
    loss, acc = model.evaluate(xv, yv, verbose=0)
    print(f"valid loss {loss:.3f}  valid accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
