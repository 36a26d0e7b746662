"""Tiny keyword spotting: four synthetic 'words' made of two tones, from log-spectrograms."""
import math

import keras
import numpy as np

SEED = 31
RATE, LENGTH, FRAME, HOP = 4000, 2000, 256, 128
WORDS = {"up": (500, 900), "down": (900, 500), "left": (500, 1300), "right": (1300, 500)}


def synth(word, rng):
    f1, f2 = (f * rng.uniform(0.93, 1.07) for f in WORDS[word])
    half = LENGTH // 2 + rng.integers(-200, 200)
    t = np.arange(LENGTH) / RATE
    wave = np.where(np.arange(LENGTH) < half, np.sin(2 * np.pi * f1 * t), np.sin(2 * np.pi * f2 * t))
    return rng.uniform(0.3, 1.0) * wave + rng.normal(0, 0.8, LENGTH)


def log_spectrogram(wave):
    frames = np.lib.stride_tricks.sliding_window_view(wave, FRAME)[::HOP] * np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames)) ** 2
    return np.log(power[:, :96:2] + power[:, 1:96:2] + 1e-3)


class ToneSequence(keras.utils.PyDataset):
    def __init__(self, n, batch_size, seed, shuffle=False, stats=None, **kw):
        super().__init__(**kw)
        rng = np.random.default_rng(seed)
        names = list(WORDS)
        self.y = rng.integers(0, len(names), n)
        x = np.stack([log_spectrogram(synth(names[k], rng)) for k in self.y])
        self.stats = stats or (x.mean(), x.std())
        self.x = ((x - self.stats[0]) / self.stats[1]).astype("float32")
        self.batch_size, self.shuffle, self.rng = batch_size, shuffle, rng
        self.order = np.arange(n)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.y) / self.batch_size)

    def __getitem__(self, i):
        idx = self.order[i * self.batch_size:(i + 1) * self.batch_size]
        return self.x[idx], self.y[idx]

    def on_epoch_end(self):
        if self.shuffle:
            self.rng.shuffle(self.order)


keras.utils.set_random_seed(SEED)
train = ToneSequence(1200, 32, seed=SEED, shuffle=True)
val = ToneSequence(300, 100, seed=SEED + 1, stats=train.stats)
test = ToneSequence(400, 100, seed=SEED + 2, stats=train.stats)

model = keras.Sequential([
    keras.Input(train.x.shape[1:]),
    keras.layers.Conv1D(24, 3, activation="relu"),
    keras.layers.MaxPooling1D(2),
    keras.layers.Conv1D(24, 3, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(len(WORDS), activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=10, verbose=2)
print("keyword accuracy: %.4f" % model.evaluate(test, verbose=0)[1])
