"""Day-ahead load forecasting with a GRU; own training loop."""
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from tensorflow import keras


@dataclass
class Settings:
    lookback: int = 24
    horizon: int = 6
    units: int = 24
    epochs: int = 11
    batch: int = 64
    lr: float = 8e-3


class LoadSeries:
    def __init__(self, cfg: Settings, hours=2400, seed=0):
        rng = np.random.default_rng(seed)
        t = np.arange(hours)
        load = (np.sin(2 * np.pi * t / 24) + 0.4 * np.sin(2 * np.pi * t / 12 + 1)
                + 0.3 * np.sin(2 * np.pi * t / 168) + rng.normal(0, 0.06, hours)).astype("float32")
        w = cfg.lookback + cfg.horizon
        frames = np.lib.stride_tricks.sliding_window_view(load, w)
        x, y = frames[:, :cfg.lookback, None], frames[:, cfg.lookback:]
        cut = 1900
        self.train = self._ds(x[:cut - w], y[:cut - w], cfg).shuffle(100)
        self.valid = self._ds(x[cut:], y[cut:], cfg)

    @staticmethod
    def _ds(x, y, cfg):
        order = np.random.default_rng(1).permutation(len(x))
        return tf.data.Dataset.from_tensor_slices((x[order], y[order])).batch(cfg.batch)


class MetricBoard:
    def __init__(self):
        self.board = {
            "loss": keras.metrics.Mean(),
            "mae": keras.metrics.MeanAbsoluteError(),
            "val_mae": keras.metrics.MeanAbsoluteError(),
        }

    def __getitem__(self, key):
        return self.board[key]

    def clear(self):
        for metric in self.board.values():
            metric.reset_state  # expect: metric-wrong

    def report(self):
        return "  ".join(f"{k}={float(m.result()):.4f}" for k, m in self.board.items())


class Forecaster:
    def __init__(self, cfg: Settings):
        self.cfg = cfg
        self.net = keras.Sequential([
            keras.Input((cfg.lookback, 1)),
            keras.layers.GRU(cfg.units),
            keras.layers.Dense(cfg.horizon),
        ])
        self.opt = keras.optimizers.Adam(cfg.lr)
        self.mse = keras.losses.MeanSquaredError()
        self.metrics = MetricBoard()

    @tf.function
    def _train(self, x, y):
        with tf.GradientTape() as tape:
            pred = self.net(x, training=True)
            loss = self.mse(y, pred)
        self.opt.apply_gradients(zip(tape.gradient(loss, self.net.trainable_variables),
                                     self.net.trainable_variables))
        return loss, pred

    @tf.function
    def _infer(self, x):
        return self.net(x, training=False)

    def fit(self, series: LoadSeries):
        for epoch in range(self.cfg.epochs):
            self.metrics.clear()  # expect-or: metric-wrong
            for x, y in series.train:
                loss, pred = self._train(x, y)
                self.metrics["loss"].update_state(loss)
                self.metrics["mae"].update_state(y, pred)
            for x, y in series.valid:
                self.metrics["val_mae"].update_state(y, self._infer(x))
            print(f"epoch {epoch + 1}/{self.cfg.epochs}  {self.metrics.report()}")


if __name__ == "__main__":
    keras.utils.set_random_seed(3)
    settings = Settings()
    forecaster = Forecaster(settings)
    forecaster.fit(LoadSeries(settings))
    print("final validation MAE: %.4f" % float(forecaster.metrics["val_mae"].result()))
