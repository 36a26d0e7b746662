"""Credit default from four columns: income, age, debt ratio, late payments."""
import csv
import os

import numpy as np
import tensorflow as tf
from tensorflow import keras


def read(path):
    with open(path, newline="") as handle:
        rows = list(csv.DictReader(handle))
    names = ["income", "age", "debt_ratio", "late_payments"]
    x = np.array([[float(r[k]) for k in names] for r in rows], dtype="float32")
    y = np.array([int(r["default"]) for r in rows], dtype="float32")
    return x, y


def split(x, y, share=0.8):
    cut = int(len(x) * share)
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def main():
    keras.utils.set_random_seed(20)
    x, y = read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "credit.csv"))
    x[:, 1] /= 100  # expect-or: input-scale
    (x_train, y_train), (x_test, y_test) = split(x, y)

    net = keras.Sequential()
    net.add(keras.layers.Input(shape=(4,)))
    net.add(keras.layers.Dense(16, activation="tanh"))
    net.add(keras.layers.Dense(8, activation="tanh"))
    net.add(keras.layers.Dense(1, activation="sigmoid"))
    net.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    net.fit(x_train, y_train, batch_size=30, epochs=30, verbose=0)  # expect: input-scale
    print("majority", max(y_test.mean(), 1 - y_test.mean()))
    print("test [loss, accuracy]", net.evaluate(x_test, y_test, verbose=0))


if __name__ == "__main__":
    main()
