"""Beat classification from single-lead windows (synthetic): normal / premature / paced."""
import math
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(17)
FS, WIN = 100, 96
KINDS = ["normal", "premature", "paced"]


def bump(t, centre, width, height):
    return height * np.exp(-0.5 * ((t - centre) / width) ** 2)


def synth_beat(kind, g):
    t = np.arange(WIN) / FS
    c = 0.48 + g.normal(0, 0.03)
    if kind == 0:
        s = bump(t, c - 0.16, 0.025, 0.15) + bump(t, c, 0.012, 1.0) + bump(t, c + 0.25, 0.04, 0.3)
    elif kind == 1:
        s = bump(t, c, 0.04, 1.0) - bump(t, c + 0.22, 0.05, 0.35)
    else:
        s = bump(t, c - 0.05, 0.006, 0.8) + bump(t, c + 0.02, 0.035, 0.8) + bump(t, c + 0.27, 0.04, 0.25)
    s = s * g.uniform(0.7, 1.3) + 0.15 * np.sin(2 * np.pi * g.uniform(0.2, 0.5) * t + g.uniform(0, 6))
    return s + g.normal(0, 0.12, WIN)


class BeatWindows(keras.utils.PyDataset):
    def __init__(self, windows, kinds, batch_size, shuffle=True, **kwargs):
        super().__init__(**kwargs)
        self.windows, self.kinds = windows, kinds
        self.batch_size, self.shuffle = batch_size, shuffle
        self.order = np.arange(len(windows))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.windows) / self.batch_size)

    def __getitem__(self, i):
        pick = self.order[i * self.batch_size:(i + 1) * self.batch_size]
        return self.windows[pick], self.kinds[pick]

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.order)


g = np.random.default_rng(17)
kinds = g.integers(0, 3, 2400)
windows = np.stack([synth_beat(k, g) for k in kinds])[..., None].astype("float32")
windows = (windows - windows[:2000].mean()) / windows[:2000].std()

train_seq = BeatWindows(windows[:2000], kinds[:2000], batch_size=2000)  # expect: batch-size
val_seq = BeatWindows(windows[2000:], kinds[2000:], batch_size=400, shuffle=False)

net = keras.Sequential([
    keras.Input((WIN, 1)),
    layers.Conv1D(8, 7, strides=2, activation="relu"),
    layers.Conv1D(16, 5, strides=2, activation="relu"),
    layers.Flatten(),
    layers.Dense(24, activation="relu"),
    layers.Dense(3, activation="softmax"),
])
net.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(train_seq, validation_data=val_seq, epochs=6, verbose=2)

p = net.predict(windows[2000:], batch_size=400, verbose=0).argmax(-1)
for k, name in enumerate(KINDS):
    hit = (p == k) & (kinds[2000:] == k)
    print(f"{name:10s} sensitivity {hit.sum() / (kinds[2000:] == k).sum():.2f}")
