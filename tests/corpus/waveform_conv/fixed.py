# waveform classifier -- notebook export, cleaned up a little
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(5)
rng = np.random.default_rng(2)

kinds = ["sine", "square", "sawtooth", "chirp"]
n, length = 3200, 192
t = np.arange(length) / length

# --- recordings: each with its own pitch, phase, gain and offset
kind = rng.integers(0, 4, size=n)
freq = rng.uniform(4, 9, size=(n, 1))
phase = rng.uniform(0, 1, size=(n, 1))
cycle = freq * t + phase
sweep = freq * (0.3 * t + 1.1 * t ** 2) + phase
bank = np.stack([
    np.sin(2 * np.pi * cycle),
    np.sign(np.sin(2 * np.pi * cycle)),
    2 * (cycle % 1) - 1,
    np.sin(2 * np.pi * sweep),
])
wave = bank[kind, np.arange(n)]
wave = wave + 0.35 * rng.normal(size=wave.shape)
wave = wave * rng.uniform(20, 60, size=(n, 1)) + rng.uniform(-100, 100, size=(n, 1))
wave = wave[..., np.newaxis].astype("float32")


def per_recording(w):
    """remove gain and offset of every recording"""
    centre = w.mean(axis=1, keepdims=True)
    spread = w.std(axis=1, keepdims=True)
    return (w - centre) / (spread + 1e-6)


wave = per_recording(wave)
x_train, x_val, x_test = wave[:2200], wave[2200:2700], wave[2700:]
y_train, y_val, y_test = kind[:2200], kind[2200:2700], kind[2700:]

model = keras.Sequential([
    keras.Input((length, 1)),
    layers.Conv1D(16, 9, strides=2, padding="same", activation="relu"),
    layers.Conv1D(32, 7, strides=2, padding="same", activation="relu"),
    layers.Conv1D(32, 5, strides=2, padding="same", activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dense(4, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=14, batch_size=64, verbose=2)

print("test accuracy", round(model.evaluate(x_test, y_test, verbose=0)[1], 3))
