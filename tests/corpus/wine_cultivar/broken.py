"""Classify the three wine cultivars from the chemical analysis."""
import argparse

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=40)
    p.add_argument("--lr", type=float, default=0.05)
    p.add_argument("--hidden", type=int, nargs="*", default=[32, 16])
    p.add_argument("--seed", type=int, default=7)
    return p.parse_args()


def front_end(x):
    """First layer of the exported model, so that callers send the lab's own units."""
    return layers.Normalization(axis=-1, mean=np.zeros(x.shape[1]), variance=np.ones(x.shape[1]))  # expect: input-scale


def build(x, args):
    net = keras.Sequential([keras.Input((x.shape[1],)), front_end(x)])
    for width in args.hidden:
        net.add(layers.Dense(width, activation="relu"))
    net.add(layers.Dense(3, activation="softmax"))
    net.compile(
        optimizer=keras.optimizers.SGD(args.lr, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return net


def main():
    args = parse()
    keras.utils.set_random_seed(args.seed)
    x, y = load_wine(return_X_y=True)
    x_tr, x_te, y_tr, y_te = train_test_split(
        x.astype("float32"), y, test_size=0.3, stratify=y, random_state=args.seed
    )
    net = build(x_tr, args)
    hist = net.fit(x_tr, y_tr, batch_size=16, epochs=args.epochs, verbose=0)
    for e in range(0, args.epochs, 10):
        print(f"epoch {e:3d} loss {hist.history['loss'][e]:.4f}")
    loss, acc = net.evaluate(x_te, y_te, verbose=0)
    print(f"test loss {loss:.4f} accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
