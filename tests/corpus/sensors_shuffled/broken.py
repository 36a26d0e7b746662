"""Activity recognition from three accelerometer channels (walking, stairs, cycling, resting)."""
import numpy as np
import keras
from keras import layers

SEED = 27
keras.utils.set_random_seed(SEED)
CLASSES = ["walk", "stairs", "bike", "rest"]


def record(kind, rng, steps=40):
    time = np.arange(steps) / 20.0
    hz = {"walk": 1.8, "stairs": 1.2, "bike": 1.4, "rest": 0.0}[kind]
    amp = {"walk": (1.0, 0.4, 0.3), "stairs": (0.7, 0.3, 0.9), "bike": (0.3, 0.8, 0.2), "rest": (0.05,) * 3}[kind]
    hz = hz * rng.uniform(0.85, 1.15)
    phase = rng.uniform(0, 2 * np.pi, 3)
    wave = np.stack([a * np.sin(2 * np.pi * hz * time + p) for a, p in zip(amp, phase)], axis=1)
    return wave + rng.normal(0, 0.25, wave.shape)


def make_set(per_class, seed):
    rng = np.random.default_rng(seed)
    x = np.stack([record(kind, rng) for kind in CLASSES for _ in range(per_class)])
    y = np.repeat(np.arange(len(CLASSES)), per_class)
    return x.astype("float32"), keras.utils.to_categorical(y, len(CLASSES))


class Recordings(keras.utils.PyDataset):
    """Mini-batches in an order that is drawn anew for every epoch."""

    def __init__(self, x, y, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size
        self.rng = np.random.default_rng(SEED)
        self.on_epoch_end()

    def on_epoch_end(self):
        self.x = self.x[self.rng.permutation(len(self.x))]  # expect-or: label-mismatch
        self.y = self.y[self.rng.permutation(len(self.y))]  # expect: label-mismatch

    def __len__(self):
        return len(self.x) // self.batch_size

    def __getitem__(self, i):
        rows = slice(i * self.batch_size, (i + 1) * self.batch_size)
        return self.x[rows], self.y[rows]  # expect-or: label-mismatch


x_train, y_train = make_set(400, seed=1)
x_test, y_test = make_set(100, seed=2)
train = Recordings(x_train, y_train)  # expect-or: label-mismatch

model = keras.Sequential(
    [
        keras.Input(shape=x_train.shape[1:]),
        layers.Conv1D(16, 5, activation="relu"),
        layers.MaxPooling1D(2),
        layers.Conv1D(32, 5, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(len(CLASSES), activation="softmax"),
    ]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(train, epochs=10, verbose=2)  # expect-or: label-mismatch
print("test accuracy %.3f" % model.evaluate(x_test, y_test, verbose=0)[1])
