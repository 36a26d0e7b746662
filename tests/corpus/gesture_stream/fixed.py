"""Wrist accelerometer gestures, fed from a Python generator."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

GESTURES = ["still", "shake", "circle", "chop", "wave", "tap"]
LEN = 50


def record(kind, rng):
    t = np.linspace(0, 1, LEN)
    ph = rng.uniform(0, 2 * np.pi)
    amp = rng.uniform(0.7, 1.3)
    xyz = rng.normal(0, 0.5, (LEN, 3))
    if kind == "shake":
        xyz[:, 0] += amp * np.sin(2 * np.pi * 8 * t + ph)
    elif kind == "circle":
        xyz[:, 0] += amp * np.cos(2 * np.pi * 3 * t + ph)
        xyz[:, 1] += amp * np.sin(2 * np.pi * 3 * t + ph)
    elif kind == "chop":
        xyz[:, 2] += amp * np.sign(np.sin(2 * np.pi * 3 * t + ph))
    elif kind == "wave":
        xyz[:, 1] += amp * np.sin(2 * np.pi * 3 * t + ph)
    elif kind == "tap":
        xyz[rng.integers(5, LEN - 5), 2] += 4 * amp
    return xyz.astype("float32")


def load_session(per_class, seed):
    # same layout as on the card: one folder per gesture, read one after the other
    rng = np.random.default_rng(seed)
    X = np.stack([record(g, rng) for g in GESTURES for _ in range(per_class)])
    y = np.repeat(np.arange(len(GESTURES)), per_class)
    return X, y


def batches(X, y, size, shuffle=True, seed=0):
    rng = np.random.default_rng(seed)
    order = np.arange(len(X))
    while True:
        if shuffle:
            order = rng.permutation(order)
        for start in range(0, len(order), size):
            pick = order[start : start + size]
            yield X[pick], y[pick]


keras.utils.set_random_seed(14)
X_a, y_a = load_session(300, seed=1)
X_b, y_b = load_session(50, seed=2)

clf = keras.Sequential([
    layers.Input((LEN, 3)),
    layers.Conv1D(24, 5, activation="relu"),
    layers.MaxPooling1D(2),
    layers.Conv1D(32, 5, activation="relu"),
    layers.GlobalMaxPooling1D(),
    layers.Dense(32, activation="relu"),
    layers.Dense(len(GESTURES), activation="softmax"),
])
clf.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

bs = 32
clf.fit(
    batches(X_a, y_a, bs),
    steps_per_epoch=len(X_a) // bs,
    epochs=8,
    validation_data=(X_b, y_b),
    verbose=2,
)

guess = clf.predict(X_b, verbose=0).argmax(-1)
table = np.zeros((len(GESTURES), len(GESTURES)), int)
np.add.at(table, (y_b, guess), 1)
print("confusion (rows = truth)")
for name, row in zip(GESTURES, table):
    print(f"{name:>8}", row)
