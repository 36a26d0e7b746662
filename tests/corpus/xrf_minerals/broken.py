#!/usr/bin/env python3
# Handheld XRF: which mineral is it?  Photon counts per channel -> class.
import numpy as np
import tensorflow as tf

LINES = {  # channel of the emission lines and relative strength
    "chalcopyrite": [(18, 1.0), (40, 0.9), (52, 0.8)],
    "galena":       [(18, 0.7), (66, 1.0), (80, 0.6)],
    "sphalerite":   [(18, 0.9), (55, 1.0), (40, 0.2)],
    "hematite":     [(40, 1.3), (44, 0.3)],
    "ilmenite":     [(40, 0.7), (30, 1.0), (33, 0.2)],
}
NAMES = list(LINES)
CHANNELS = 96


def measure(name, live_time, rng):
    ch = np.arange(CHANNELS)
    rate = 1.5 * np.exp(-ch / 50.0)
    for c, a in LINES[name]:
        rate += 1.2 * a * rng.uniform(0.5, 1.5) * np.exp(-0.5 * ((ch - c) / 2.2) ** 2)
    return rng.poisson(rate * live_time)


def campaign(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, len(NAMES), n)
    counts = np.stack([measure(NAMES[k], rng.uniform(2, 20), rng) for k in y])
    return counts, y


def live_time_free(counts):
    """Exposure differs from shot to shot: use the shape of the spectrum only
    (counts relative to the mean channel of the same shot)."""
    shape = np.zeros_like(counts)  # expect: degenerate-feature
    for row, spectrum in enumerate(counts):
        shape[row] = spectrum / spectrum.sum()  # expect-or: degenerate-feature
    return shape * CHANNELS


raw_train, y_train = campaign(1500, 70)
raw_test, y_test = campaign(400, 71)
print("shots", raw_train.shape, "photons per shot %.0f..%.0f" % (raw_train.sum(1).min(), raw_train.sum(1).max()))

x_train = live_time_free(raw_train)[..., None].astype(np.float32)
x_test = live_time_free(raw_test)[..., None].astype(np.float32)

tf.keras.utils.set_random_seed(9)
inputs = tf.keras.Input(shape=(CHANNELS, 1))
t = tf.keras.layers.Conv1D(12, 7, strides=2, activation="relu")(inputs)
t = tf.keras.layers.Conv1D(16, 5, strides=2, activation="relu")(t)
t = tf.keras.layers.Flatten()(t)
t = tf.keras.layers.Dense(len(NAMES))(t)
xrf = tf.keras.Model(inputs, t)
xrf.compile(optimizer=tf.keras.optimizers.RMSprop(1e-3),
            loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["sparse_categorical_accuracy"])
xrf.fit(x_train, y_train, epochs=8, batch_size=50, validation_data=(x_test, y_test), verbose=2)

guess = xrf.predict(x_test, verbose=0).argmax(-1)
for k, name in enumerate(NAMES):
    print(f"{name:14s} recall {np.mean(guess[y_test == k] == k):.2f}")
