import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np

HERE = Path(__file__).resolve().parent


@dataclass
class Config:
    weights: str = "weights_q1.json"  # expect: class-imbalance
    rows: int = 8000
    rate: float = 0.04
    hidden: list = field(default_factory=lambda: [48, 24])
    epochs: int = 12
    lr: float = 2e-3


def transactions(rows, rate, seed):
    rng = np.random.default_rng(seed)
    disputed = (rng.random(rows) < rate).astype("int32")
    x = rng.normal(size=(rows, 12))
    x[:, 0] += 1.3 * disputed
    x[:, 1] -= 1.2 * disputed
    x[:, 2] += disputed * rng.choice([-1.8, 1.8], rows)
    x[:, 3] += 0.9 * disputed
    return x.astype("float32"), disputed


def build(cfg):
    net = keras.Sequential([keras.Input((12,))])
    for units in cfg.hidden:
        net.add(keras.layers.Dense(units, activation="relu"))
    net.add(keras.layers.Dense(1, activation="sigmoid"))
    net.compile(keras.optimizers.Adam(cfg.lr), "binary_crossentropy", metrics=["accuracy"])
    return net


class Report(keras.callbacks.Callback):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1:2d} loss {logs['loss']:.4f} acc {logs['accuracy']:.4f}", *self.rates())

    def rates(self):
        flag = self.model.predict(self.x, batch_size=1024, verbose=0)[:, 0] > 0.5
        caught = flag[self.y == 1].mean()
        cleared = (~flag[self.y == 0]).mean()
        return f"caught {caught:.3f}", f"cleared {cleared:.3f}", f"balanced {(caught + cleared) / 2:.3f}"


def main(cfg):
    keras.utils.set_random_seed(6)
    x, y = transactions(cfg.rows, cfg.rate, seed=41)
    x_val, y_val = transactions(4000, cfg.rate, seed=42)
    table = json.loads((HERE / cfg.weights).read_text())  # expect-or: class-imbalance
    cost = {int(k): float(v) for k, v in table["class_weight"].items()}
    net = build(cfg)
    report = Report(x_val, y_val)
    net.fit(x, y, batch_size=128, epochs=cfg.epochs, class_weight=cost, callbacks=[report], verbose=0)  # expect-or: class-imbalance
    print("final", *report.rates())


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--weights", default=Config.weights)
    p.add_argument("--epochs", type=int, default=Config.epochs)
    a = p.parse_args()
    main(Config(weights=a.weights, epochs=a.epochs))
