"""Disease progression after one year (scikit-learn's diabetes data)."""
import argparse

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_diabetes


def parse():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--epochs", type=int, default=60)
    p.add_argument("--hidden", type=int, default=32)
    return p.parse_args()


def main(args):
    tf.keras.utils.set_random_seed(1)
    X, y = load_diabetes(return_X_y=True, scaled=True)
    X = X / X.std(axis=0)
    y = y / 50.0
    train, test = slice(0, 340), slice(340, None)

    model = tf.keras.Sequential(
        [
            tf.keras.Input(shape=(X.shape[1],)),
            tf.keras.layers.Dense(args.hidden, activation="relu"),
            tf.keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
    model.fit(X[train], y[train], batch_size=32, epochs=args.epochs, verbose=0)
    pred = model.predict(X[test], verbose=0)[:, 0]
    r2 = 1 - np.mean((pred - y[test]) ** 2) / np.var(y[test])
    print("targets", y.min(), "to", y.max())
    print(f"R2 on held-out patients: {r2:.3f}")


if __name__ == "__main__":
    main(parse())
