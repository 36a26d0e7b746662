import math

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(60)
LENGTH, FS, SIGMA = 192, 125.0, 0.25


def ecg(rng, n):
    """Sum-of-Gaussians heart beats: (n, LENGTH, 1), R peaks near 1 mV."""
    t = np.arange(LENGTH) / FS
    out = np.zeros((n, LENGTH))
    waves = [(-0.20, 0.025, 0.15), (-0.03, 0.010, -0.12), (0.0, 0.011, 1.0), (0.03, 0.012, -0.22), (0.28, 0.045, 0.30)]
    for row in out:
        period, start = rng.uniform(0.6, 1.1), rng.uniform(-0.5, 0.5)
        gains = rng.normal(1.0, 0.15, len(waves))
        for beat in np.arange(start, t[-1] + 0.5, period):
            beat += rng.normal(0, 0.01)
            for (mu, sd, a), g in zip(waves, gains):
                row += a * g * np.exp(-0.5 * ((t - beat - mu) / sd) ** 2)
    return out[..., None].astype("float32")


def corrupt(rng, clean):
    n = len(clean)
    t = np.arange(LENGTH) / FS
    wander = 0.2 * np.sin(2 * np.pi * rng.uniform(0.15, 0.4, (n, 1)) * t + rng.uniform(0, 6.28, (n, 1)))
    mains = 0.1 * np.sin(2 * np.pi * 50 * t + rng.uniform(0, 6.28, (n, 1)))
    white = rng.normal(0, SIGMA, (n, LENGTH))
    return (clean[..., 0] + wander + mains + white)[..., None].astype("float32")


class NoisyBeats(keras.utils.PyDataset):
    """Clean traces are fixed, the disturbance is drawn anew for each batch."""

    def __init__(self, clean, batch, seed, **kw):
        super().__init__(**kw)
        self.clean, self.batch = clean, batch
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(clean))

    def __len__(self):
        return math.ceil(len(self.clean) / self.batch)

    def on_epoch_end(self):
        self.rng.shuffle(self.order)

    def __getitem__(self, i):
        y = self.clean[self.order[i * self.batch:(i + 1) * self.batch]]
        return corrupt(self.rng, y), y


rng = np.random.default_rng(5)
train_clean, val_clean = ecg(rng, 560), ecg(rng, 150)
val_noisy = corrupt(rng, val_clean)
rms = lambda e: float(np.sqrt(np.mean(e ** 2)))
snr = lambda x: 20 * np.log10(rms(val_clean) / rms(x - val_clean))

trace = keras.Input((LENGTH, 1))
a = layers.Conv1D(16, 9, padding="same", activation="relu")(trace)
b = layers.Conv1D(16, 9, padding="same", strides=2, activation="relu")(a)
c = layers.Conv1D(24, 9, padding="same", strides=2, activation="relu")(b)
c = layers.Conv1D(24, 9, padding="same", dilation_rate=4, activation="relu")(c)
d = layers.Conv1DTranspose(16, 4, strides=2, padding="same", activation="relu")(c)
d = layers.Conv1DTranspose(16, 4, strides=2, padding="same", activation="relu")(layers.Concatenate()([d, b]))
d = layers.Concatenate()([d, a])
noise = layers.Conv1D(1, 9, padding="same", kernel_initializer="zeros")(d)       # starts as the identity
denoiser = keras.Model(trace, layers.Subtract()([trace, noise]))
denoiser.compile(keras.optimizers.Adam(4e-3), loss="mse")

EPOCHS = 9
decay = keras.callbacks.LearningRateScheduler(lambda e: 4e-3 * 0.5 * (1 + math.cos(math.pi * e / EPOCHS)))
denoiser.fit(NoisyBeats(train_clean, 16, seed=6), epochs=EPOCHS,
             validation_data=(val_noisy, val_clean), callbacks=[decay], verbose=2)

smooth = np.stack([np.convolve(r[:, 0], np.ones(5) / 5, "same") for r in val_noisy])[..., None]
print(f"noisy input     {snr(val_noisy):6.2f} dB")
print(f"moving average  {snr(smooth):6.2f} dB")
print(f"network         {snr(denoiser.predict(val_noisy, verbose=0)):6.2f} dB")
