"""PyDataset with fit."""
import math
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(7)


class Blobs(keras.utils.PyDataset):
    def __init__(self, x, y, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch_size = x, y, batch_size
        self.order = np.arange(len(x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        rows = self.order[idx * self.batch_size:(idx + 1) * self.batch_size]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        np.random.RandomState(3).shuffle(self.order)


rng = np.random.default_rng(0)
centres = rng.normal(0, 1.6, (4, 10))
y = rng.integers(0, 4, 1600)
x = (centres[y] + rng.normal(0, 1, (1600, 10))).astype("float32")
train = Blobs(x[:1280], y[:1280], 32)
valid = Blobs(x[1280:], y[1280:], 64)

model = keras.Sequential([
    keras.Input((10,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(4, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3),
              loss="sparse_categorical_crossentropy", metrics=["accuracy"])
h = model.fit(train, validation_data=valid, epochs=2, verbose=0)
for k, v in h.history.items():
    print(k, "%.12f" % v[-1])
