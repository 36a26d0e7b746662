"""How good can a small dense net read 8x8 digits from our simulated sensor?

The clean scans come from scikit-learn; every training scan is read `copies`
times by the simulated sensor described in sensor.json.
"""
import json
import pathlib

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
SEED = 11


def load_sensor(name="sensor.json"):
    with open(HERE / name) as handle:
        return json.load(handle)


def clean_scans():
    digits = load_digits()
    x = digits.data.astype("float32") / 16.0
    y = digits.target.astype("int32")
    return train_test_split(x, y, test_size=0.25, stratify=y, random_state=SEED)


def read_out(scans, labels, sensor, rng):
    """Expose every scan several times: per-exposure gain, then read noise."""
    copies = sensor["copies"]
    x = np.repeat(scans, copies, axis=0)
    y = np.repeat(labels, copies)
    gain = rng.normal(1.0, sensor["gain_sigma"], size=(len(x), 1))
    x = x * gain + rng.normal(0.0, sensor["read_sigma"], size=x.shape)  # expect: input-noise
    order = rng.permutation(len(x))
    return x[order].astype("float32"), y[order]


def build(n_inputs, n_classes):
    model = tf.keras.Sequential([
        tf.keras.layers.Input((n_inputs,)),
        tf.keras.layers.Dense(48, activation="relu"),
        tf.keras.layers.Dense(32, activation="relu"),
        tf.keras.layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(
        optimizer=tf.keras.optimizers.Adam(1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def main():
    tf.keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    sensor = load_sensor()  # expect-or: input-noise

    scans, x_val, labels, y_val = clean_scans()
    x_train, y_train = read_out(scans, labels, sensor, rng)  # expect-or: input-noise
    print(f"{len(x_train)} exposures of {len(scans)} scans, {len(x_val)} clean scans kept aside")

    model = build(x_train.shape[1], 10)
    history = model.fit(
        x_train, y_train,
        batch_size=64, epochs=15,
        validation_data=(x_val, y_val),
        verbose=2,
    )

    guess = model.predict(x_val, verbose=0).argmax(axis=1)
    print("\nconfusion matrix on the clean scans")
    print(confusion_matrix(y_val, guess))
    print("final train accuracy %.3f" % history.history["accuracy"][-1])
    print("final clean accuracy %.3f" % history.history["val_accuracy"][-1])


if __name__ == "__main__":
    main()
