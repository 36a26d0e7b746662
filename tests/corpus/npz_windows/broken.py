from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

RECORDING = Path(__file__).parent / "rec_11.npz"  # expect-or: degenerate-feature


def batches(x, y, size, seed):
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(len(x))
        for k in range(0, len(x) - size + 1, size):
            rows = order[k:k + size]
            yield x[rows], y[rows]  # expect-or: degenerate-feature


def build_model(shape, n_classes):
    inp = layers.Input(shape)
    z = layers.Conv1D(16, 7, activation="relu", padding="same")(inp)
    z = layers.MaxPooling1D(2)(z)
    z = layers.Conv1D(32, 5, activation="relu", padding="same")(z)
    z = layers.GlobalMaxPooling1D()(z)
    z = layers.Dense(32, activation="relu")(z)
    return models.Model(inp, layers.Dense(n_classes, activation="softmax")(z))


def main():
    tf.keras.utils.set_random_seed(13)
    with np.load(RECORDING) as rec:  # expect-or: degenerate-feature
        x, y = rec["signal"], rec["label"]  # expect-or: degenerate-feature
    x_tr, y_tr, x_va, y_va = x[:700], y[:700], x[700:], y[700:]

    model = build_model(x.shape[1:], 3)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(  # expect: degenerate-feature
        batches(x_tr, y_tr, 20, seed=0),  # expect-or: degenerate-feature
        steps_per_epoch=35,
        epochs=12,
        validation_data=(x_va, y_va),
        verbose=2,
    )
    print("validation accuracy: {:.3f}".format(model.evaluate(x_va, y_va, verbose=0)[1]))


main()
