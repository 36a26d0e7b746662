"""Churn among 1200 subscribers of a newspaper, one in eight leaves.

A small network on balanced classes; a third of the rows tells how good it is.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification

tf.keras.utils.set_random_seed(44)


def load():
    X, y = make_classification(
        n_samples=2700, n_features=30, n_informative=5, n_redundant=3,
        n_clusters_per_class=2, class_sep=1.1, flip_y=0.04,
        weights=[0.88], random_state=44,
    )
    X = ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)
    return (X[:1200], y[:1200]), (X[1200:], y[1200:])


def oversample(X, y, rng):
    """Repeat random rows of class 1 until there are as many as of class 0."""
    ones, zeros = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    extra = rng.choice(ones, len(zeros) - len(ones), replace=True)
    keep = rng.permutation(np.concatenate([np.arange(len(y)), extra]))
    return X[keep], y[keep]


def holdout(X, y, rng, share=1 / 3):
    order = rng.permutation(len(X))
    cut = int(len(X) * share)
    return X[order[cut:]], y[order[cut:]], X[order[:cut]], y[order[:cut]]


class ChurnNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.h1 = tf.keras.layers.Dense(32, activation="relu")
        self.h2 = tf.keras.layers.Dense(16, activation="relu")
        self.out = tf.keras.layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.out(self.h2(self.h1(x)))


def recall(model, X, y):
    found = model.predict(X[y == 1], verbose=0) > 0.5
    return float(np.mean(found))


def main():
    rng = np.random.default_rng(44)
    (X, y), (X_later, y_later) = load()
    X, y = oversample(X, y, rng)  # expect: leakage
    X_train, y_train, X_val, y_val = holdout(X, y, rng)  # expect-or: leakage

    model = ChurnNet()
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(  # expect-or: leakage
        X_train, y_train, epochs=15, batch_size=32,
        validation_data=(X_val, y_val),  # expect-or: leakage
        verbose=0,
    )
    print(f"recall on the held-out rows:      {recall(model, X_val, y_val):.3f}")
    print(f"recall on next year's subscribers: {recall(model, X_later, y_later):.3f}")


if __name__ == "__main__":
    main()
