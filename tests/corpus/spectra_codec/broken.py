"""Compress spectra with an autoencoder described by a JSON file."""
import json
from pathlib import Path
import numpy as np
import keras
from keras import layers, regularizers

CONFIG = "codec_a.json"  # expect: regularisation-too-strong


def load_config(name):
    return json.loads(Path(name).read_text())  # expect-or: regularisation-too-strong


def stack(x, widths, cfg):
    for width in widths:
        x = layers.Dense(width, activation="elu", kernel_regularizer=regularizers.L2(cfg["l2"]))(x)  # expect-or: regularisation-too-strong
    return x


def build(n_bands, cfg):
    inp = keras.Input((n_bands,))
    h = stack(inp, cfg["widths"], cfg)
    code = layers.Dense(cfg["code"], kernel_regularizer=regularizers.L2(cfg["l2"]), name="code")(h)  # expect-or: regularisation-too-strong
    h = stack(code, reversed(cfg["widths"]), cfg)
    model = keras.Model(inp, layers.Dense(n_bands)(h))
    model.compile(optimizer=keras.optimizers.Adam(cfg["learning_rate"]), loss="mse")
    return model


class Plateau:
    """Stops the rounds when the held-out error has not fallen for a while."""

    def __init__(self, patience):
        self.patience, self.best, self.wait = patience, np.inf, 0

    def __call__(self, value):
        if value < self.best - 1e-4:
            self.best, self.wait = value, 0
        else:
            self.wait += 1
        return self.wait >= self.patience


def main():
    cfg = load_config(CONFIG)  # expect-or: regularisation-too-strong
    keras.utils.set_random_seed(cfg["seed"])
    rng = np.random.default_rng(cfg["seed"])
    x = np.load("spectra.npz")["x"].astype("float32")
    train, held = x[:1100], x[1100:]
    model = build(x.shape[1], cfg)  # expect-or: regularisation-too-strong
    done = Plateau(patience=6)
    for step in range(cfg["rounds"]):
        batch = train[rng.integers(0, len(train), cfg["batch"])]
        loss = model.train_on_batch(batch, batch)
        if step % 60 == 59:
            err = float(np.mean((model(held).numpy() - held) ** 2))
            print(f"round {step + 1} loss {float(loss):.4f} held-out mse {err:.4f}")
            if done(err):
                break
    rec = model(held).numpy()
    print("explained variance %.3f" % (1 - np.mean((rec - held) ** 2) / np.mean((held - train.mean(0)) ** 2)))


if __name__ == "__main__":
    main()
