"""Flag insurance claims for manual review.  Batches come from a PyDataset.

options: [--epochs 12] [--batch 100]
"""
import argparse
import math

import keras
import numpy as np
from sklearn.metrics import balanced_accuracy_score, confusion_matrix


def draw_claims(n, rng):
    flagged = (rng.random(n) < 0.03).astype("float32")
    x = rng.normal(size=(n, 14)).astype("float32")
    x[:, 2] += 1.05 * flagged
    x[:, 5] += 0.9 * flagged
    x[:, 9] -= 1.05 * flagged
    return x, flagged


class Claims(keras.utils.PyDataset):
    def __init__(self, x, y, batch, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch = x, y, batch
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch)

    def __getitem__(self, i):
        rows = self.order[i * self.batch:(i + 1) * self.batch]
        return self.x[rows], self.y[rows, None]

    def on_epoch_end(self):
        self.rng.shuffle(self.order)


def run(args):
    keras.utils.set_random_seed(13)
    rng = np.random.default_rng(13)
    x, y = draw_claims(6000, rng)
    xt, yt = draw_claims(3000, rng)
    weights = {0: 1.0, 1: 32.0}

    net = keras.Sequential([
        keras.Input((14,)),
        keras.layers.Dense(12, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    net.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    net.fit(Claims(x, y, args.batch), epochs=args.epochs, class_weight=weights, verbose=2)

    p = net.predict(xt, verbose=0)[:, 0]
    print(confusion_matrix(yt, p > 0.5))
    print("balanced accuracy %.3f" % balanced_accuracy_score(yt, p > 0.5))


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--batch", type=int, default=100)
    run(ap.parse_args())
