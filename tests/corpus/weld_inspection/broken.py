"""Weld inspection, second attempt: one binary detector on ultrasonic features.

Only a few welds in a hundred are faulty, so the detector starts from the prior
(the trick from the RetinaNet paper) and does not spend the first epochs learning it.
"""
import dataclasses

import numpy as np
import tensorflow as tf
from tensorflow import keras


@dataclasses.dataclass
class Config:
    n_welds: int = 6000
    n_features: int = 10
    prior: float = 0.01
    hidden: tuple = (48, 24)
    lr: float = 2e-3
    batch: int = 64
    epochs: int = 14
    seed: int = 6


def make_welds(cfg):
    rng = np.random.default_rng(cfg.seed)
    n = cfg.n_welds
    echo = rng.normal(size=(n, cfg.n_features))
    score = 1.6 * echo[:, 0] - 1.2 * echo[:, 3] + 1.3 * np.abs(echo[:, 5]) + 0.8 * echo[:, 7]
    faulty = score > np.quantile(score, 0.97)
    return echo.astype("float32"), faulty.astype("float32")


class Detector:
    def __init__(self, cfg):
        self.cfg = cfg
        self.dense_args = dict(
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.1),
            bias_initializer=keras.initializers.Constant(-np.log((1 - cfg.prior) / cfg.prior)),  # expect: dead-relu
        )
        self.net = self._build()

    def _build(self):
        x = inputs = keras.Input((self.cfg.n_features,), name="echo")
        for i, n in enumerate(self.cfg.hidden):
            x = keras.layers.Dense(n, activation="relu", name=f"hidden{i}", **self.dense_args)(x)  # expect-or: dead-relu
        out = keras.layers.Dense(1, activation="sigmoid", name="p_faulty", **self.dense_args)(x)
        return keras.Model(inputs, out)

    def train(self, x, y, x_val, y_val):
        self.net.compile(
            optimizer=keras.optimizers.Adam(self.cfg.lr),
            loss="binary_crossentropy",
            metrics=[keras.metrics.AUC(name="auc"), keras.metrics.Recall(name="recall"),
                     keras.metrics.Precision(name="precision")],
        )
        return self.net.fit(x, y, validation_data=(x_val, y_val), batch_size=self.cfg.batch,
                            epochs=self.cfg.epochs, verbose=2)

    def report(self, x, y):
        p = self.net.predict(x, verbose=0)[:, 0]
        order = np.argsort(-p)
        k = int(y.sum())
        print(f"scores: min {p.min():.4f}  median {np.median(p):.4f}  max {p.max():.4f}")
        print(f"of the {k} most suspicious welds, {int(y[order[:k]].sum())} are faulty")


def main():
    cfg = Config()
    keras.utils.set_random_seed(cfg.seed)
    x, y = make_welds(cfg)
    cut = int(0.75 * len(x))
    detector = Detector(cfg)
    detector.train(x[:cut], y[:cut], x[cut:], y[cut:])
    detector.report(x[cut:], y[cut:])


if __name__ == "__main__":
    main()
