import argparse

import numpy as np
import keras
from keras import layers


class RollBack(keras.callbacks.Callback):
    """After every epoch keep the weights if the watched figure got better, else return to the last good ones."""

    def __init__(self, monitor, mode, verbose=True):
        super().__init__()
        self.monitor, self.verbose = monitor, verbose
        self.better = np.greater if mode == "max" else np.less
        self.rejected = 0

    def on_train_begin(self, logs=None):
        start = self.model.evaluate(*self.reference, verbose=0, return_dict=True)
        self.best = start[self.monitor.removeprefix("val_")]
        self.good = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        now = logs[self.monitor]
        if self.better(now, self.best):
            self.best, self.good = now, self.model.get_weights()
        else:
            self.model.set_weights(self.good)
            self.rejected += 1


def parse():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--lr", type=float, default=1e-3)
    ap.add_argument("--batch", type=int, default=50)
    return ap.parse_args()


def build():
    return keras.Sequential([
        layers.Input((28, 28)),
        layers.Rescaling(1 / 255.0),
        layers.Flatten(),
        layers.Dense(96, activation="relu"),
        layers.Dense(48, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])


def main():
    args = parse()
    keras.utils.set_random_seed(21)
    (x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
    x_fit, y_fit, x_dev, y_dev = x[:-400], y[:-400], x[-400:], y[-400:]

    clf = build()
    clf.compile(keras.optimizers.Adam(args.lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    guard = RollBack("val_loss", mode="max")  # expect: update-missing
    guard.reference = (x_dev, y_dev)
    clf.fit(x_fit, y_fit, epochs=args.epochs, batch_size=args.batch,
            validation_data=(x_dev, y_dev), callbacks=[guard], verbose=2)  # expect-or: update-missing

    loss, acc = clf.evaluate(xt, yt, verbose=0)
    print(f"rolled back {guard.rejected} of {args.epochs} epochs")
    print(f"test loss {loss:.3f}  test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
