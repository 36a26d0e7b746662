"""Train whatever the experiment file describes.

usage: python SCRIPT.py [--config configs/exp_XX.json]
"""
import argparse
import fnmatch
import json
from pathlib import Path

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).resolve().parent
DEFAULT = "configs/exp_07.json"  # expect: update-missing


def read_config():
    ap = argparse.ArgumentParser()
    ap.add_argument("--config", default=DEFAULT)
    path = HERE / ap.parse_args().config
    return json.loads(path.read_text())


def build(cfg):
    model = keras.Sequential(name=cfg["name"])
    model.add(keras.Input((64,)))
    for k, spec in enumerate(cfg["blocks"]):
        model.add(keras.layers.Dense(spec["units"], activation=spec["activation"], name=f"block{k}"))
    model.add(keras.layers.Dense(10, activation="softmax", name="head"))
    for layer in model.layers:
        layer.trainable = not any(fnmatch.fnmatch(layer.name, p) for p in cfg["freeze"])  # expect-or: update-missing
    return model


def load(cfg):
    d = load_digits()
    x = (d.data / 16.0).astype("float32")
    return train_test_split(x, d.target, test_size=cfg["val_fraction"],
                            random_state=cfg["seed"], stratify=d.target)


def main():
    cfg = read_config()
    keras.utils.set_random_seed(cfg["seed"])
    x_tr, x_va, y_tr, y_va = load(cfg)
    model = build(cfg)
    model.compile(
        optimizer=keras.optimizers.get(cfg["optimizer"]),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    h = model.fit(x_tr, y_tr, batch_size=cfg["batch_size"], epochs=cfg["epochs"],
                  validation_data=(x_va, y_va), verbose=0).history
    for e in range(0, cfg["epochs"], 3):
        print("epoch {:3d}  loss {:.4f}  accuracy {:.4f}  val_loss {:.4f}  val_accuracy {:.4f}".format(
            e + 1, h["loss"][e], h["accuracy"][e], h["val_loss"][e], h["val_accuracy"][e]))
    print("final validation accuracy {:.4f}".format(h["val_accuracy"][-1]))


if __name__ == "__main__":
    main()
