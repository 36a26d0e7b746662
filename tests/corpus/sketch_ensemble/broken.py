"""Average a few small networks on clothing pictures and report each member and the ensemble."""
import json
import os
from dataclasses import dataclass, field

import numpy as np
import keras


@dataclass
class Settings:
    members: list = field(default_factory=lambda: ["mlp"])
    loss: str = "categorical_crossentropy"
    monitor: str = "accuracy"
    optimizer: str = "adam"
    epochs: int = 5
    batch: int = 32
    holdout: int = 400
    seed: int = 0

    @classmethod
    def from_json(cls, path):
        with open(path) as f:
            return cls(**json.load(f))


def mlp():
    return [keras.layers.Flatten(), keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(0.1)]


def deep_mlp():
    return [
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="gelu"),
        keras.layers.Dense(32, activation="gelu"),
    ]


def conv():
    return [
        keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
        keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.1),
    ]


BODIES = {"mlp": mlp, "deep_mlp": deep_mlp, "conv": conv}


class Ensemble:
    def __init__(self, settings, shape, n_classes):
        self.s = settings
        self.nets = {}
        for name in settings.members:
            net = keras.Sequential(
                [keras.Input(shape), *BODIES[name](), keras.layers.Dense(n_classes, activation="softmax")],
                name=name,
            )
            net.compile(optimizer=settings.optimizer, loss=settings.loss, metrics=[settings.monitor])  # expect: metric-wrong
            self.nets[name] = net

    def fit(self, x, y, x_val, y_val):
        self.scores = {}
        for name, net in self.nets.items():
            hist = net.fit(
                x, y, validation_data=(x_val, y_val),
                epochs=self.s.epochs, batch_size=self.s.batch, verbose=0,
            ).history
            self.scores[name] = hist["val_" + self.s.monitor]
            curve = "  ".join(f"{v:.3f}" for v in self.scores[name])
            print(f"{name:9s} loss {hist['loss'][-1]:.3f}  val loss {hist['val_loss'][-1]:.3f}  val score: {curve}")

    def vote(self, x):
        weights = np.array([self.scores[n][-1] for n in self.nets])
        probs = np.stack([net.predict(x, verbose=0) for net in self.nets.values()])
        return np.tensordot(weights / weights.sum(), probs, axes=1)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    s = Settings.from_json(os.path.join(here, "ensemble.json"))
    keras.utils.set_random_seed(s.seed)

    with np.load(os.path.join(here, "clothes.npz")) as z:
        x = z["x"].astype("float32")[..., None] / 255.0
        y = keras.utils.to_categorical(z["y"], 10)
    x_val, y_val = x[: s.holdout], y[: s.holdout]
    x_fit, y_fit = x[s.holdout :], y[s.holdout :]
    print(f"{len(x_fit)} pictures to fit, {len(x_val)} held out")

    ens = Ensemble(s, x.shape[1:], 10)
    ens.fit(x_fit, y_fit, x_val, y_val)

    p = ens.vote(x_val)
    nll = -np.mean(np.log(np.sum(p * y_val, axis=1) + 1e-9))
    print(f"ensemble negative log likelihood {nll:.3f}")
    print("mean score of the members: %.3f" % np.mean([v[-1] for v in ens.scores.values()]))
