"""Heart-beat classes from single-lead snippets, fed by a Sequence as in the Stanford tutorial."""
import math

import numpy as np
import keras
from keras import layers


def beat(rng, kind, n=64):
    t = np.linspace(0, 1, n)
    shift = rng.normal(0, 0.03)

    def wave(c, w, a):
        return a * np.exp(-0.5 * ((t - c - shift) / w) ** 2)

    if kind == 0:      # normal
        s = wave(0.25, 0.03, 0.25) + wave(0.45, 0.015, 1.0) + wave(0.7, 0.05, 0.35)
    elif kind == 1:    # wide, no P wave
        s = wave(0.45, 0.05, 1.1) + wave(0.7, 0.06, -0.4)
    else:              # early and small
        s = wave(0.2, 0.03, 0.2) + wave(0.32, 0.015, 0.8) + wave(0.58, 0.05, 0.3)
    return s * rng.uniform(0.8, 1.2) + rng.normal(0, 0.08, n)


class DataGenerator(keras.utils.PyDataset):
    def __init__(self, signals, labels, batch_size=32, n_classes=3, shuffle=True, **kwargs):
        super().__init__(**kwargs)
        self.signals, self.labels = signals, labels
        self.batch_size, self.n_classes, self.shuffle = batch_size, n_classes, shuffle
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.signals) / self.batch_size)

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        x = self.signals[part][..., None]
        return x, keras.utils.to_categorical(self.labels[part], self.n_classes)

    def on_epoch_end(self):
        if self.shuffle:
            p = np.random.permutation(len(self.signals))
            self.signals = self.signals[p]  # expect: label-mismatch


keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)
kinds = rng.integers(0, 3, 1300)
beats = np.stack([beat(rng, k) for k in kinds]).astype("float32")

training_generator = DataGenerator(beats[:1000], kinds[:1000])  # expect-or: label-mismatch
validation_generator = DataGenerator(beats[1000:], kinds[1000:], shuffle=False)

model = keras.Sequential([
    keras.Input((64, 1)),
    layers.Conv1D(12, 7, strides=2, activation="relu"),
    layers.Conv1D(16, 5, strides=2, activation="relu"),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(3, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(training_generator, validation_data=validation_generator, epochs=10, verbose=2)  # expect-or: label-mismatch

loss, acc = model.evaluate(validation_generator, verbose=0)
print(f"validation loss {loss:.3f}, validation accuracy {acc:.3f}")
