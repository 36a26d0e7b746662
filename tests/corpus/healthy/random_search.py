"""Random search over learning rate, width, dropout and activation with successive halving.

Usage: python script.py [--trials N]
"""
import argparse
import math
import random

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def load():
    X, y = load_digits(return_X_y=True)
    X = (X / 16.0).astype("float32")
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
    X, X_val, y, y_val = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
    return X, y, X_val, y_val, X_test, y_test


def draw(rnd):
    return {
        "lr": 10 ** rnd.uniform(-5, 0),
        "units": rnd.choice([32, 64, 128]),
        "dropout": rnd.choice([0.0, 0.1, 0.3]),
        "activation": rnd.choice(["relu", "tanh", "sigmoid"]),
    }


def make(cfg):
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(cfg["units"], activation=cfg["activation"]),
        keras.layers.Dropout(cfg["dropout"]),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(
        optimizer=keras.optimizers.Adam(cfg["lr"]),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def show(cfg):
    return f"lr={cfg['lr']:.1e} units={cfg['units']:<3d} dropout={cfg['dropout']:.1f} {cfg['activation']}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=7)
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    keras.utils.set_random_seed(args.seed)
    rnd = random.Random(args.seed)
    X, y, X_val, y_val, X_test, y_test = load()

    pool = [(cfg, make(cfg)) for cfg in (draw(rnd) for _ in range(args.trials))]
    epochs = 4
    while len(pool) > 1:
        ranked = []
        for cfg, model in pool:
            model.fit(X, y, epochs=epochs, batch_size=64, verbose=0)
            val_acc = float(np.mean(np.argmax(model(X_val), axis=1) == y_val))
            ranked.append((val_acc, cfg, model))
        ranked.sort(key=lambda r: -r[0])
        print(f"--- round with {len(pool)} configurations, {epochs} more epochs each")
        for acc, cfg, _ in ranked:
            print(f"    val acc {acc:.3f}   {show(cfg)}")
        pool = [(cfg, model) for _, cfg, model in ranked[: math.ceil(len(ranked) / 3)]]
        epochs *= 2

    best = pool[0][0]
    print("best:", show(best))
    keras.utils.set_random_seed(args.seed)
    final = make(best)
    XX, yy = np.concatenate([X, X_val]), np.concatenate([y, y_val])
    h = final.fit(XX, yy, epochs=25, batch_size=64, verbose=0)
    loss, acc = final.evaluate(X_test, y_test, verbose=0)
    print(f"refit on train+val: loss {h.history['loss'][-1]:.4f}; test loss {loss:.4f}, test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
