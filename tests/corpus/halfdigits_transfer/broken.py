# Learn strokes from the digits 0-4, then reuse them for 5-9 with only a few
# labelled examples.
import math

import keras
import numpy as np
from keras.layers import Activation, Conv2D, Dense, Flatten, MaxPooling2D

keras.utils.set_random_seed(1234)
FEW = 300


class Shuffled(keras.utils.PyDataset):
    def __init__(self, x, y, batch, seed, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.batch = x, y, batch
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(x))

    def __len__(self):
        return math.ceil(len(self.x) / self.batch)

    def __getitem__(self, i):
        pick = self.order[i * self.batch:(i + 1) * self.batch]
        return self.x[pick], keras.utils.to_categorical(self.y[pick], 5)

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))


def half(x, y, low):
    keep = (y >= low) & (y < low + 5)
    return x[keep][..., None].astype("float32") / 255.0, y[keep].astype("int64") - low


(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_old, y_old = half(x_train, y_train, 0)
x_new, y_new = half(x_train, y_train, 5)
x_new, y_new = x_new[:FEW], y_new[:FEW]
x_eval, y_eval = half(x_test, y_test, 5)

net = keras.Sequential([
    keras.Input((28, 28, 1)),
    Conv2D(16, 5, activation="relu"),
    MaxPooling2D(2),
    Conv2D(32, 3, activation="relu"),
    MaxPooling2D(2),
    Flatten(),
    Dense(5),
    Activation("softmax"),
])
net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
print("-- digits 0-4:", len(x_old), "images")
net.fit(Shuffled(x_old, y_old, 32, seed=1), epochs=5, verbose=2)

# keep the strokes, train the classifier afresh for the new digits
body = net.layers[:-1]  # expect-or: update-missing
for layer in body:
    layer.trainable = False  # expect: update-missing

scorer = net.layers[-2]
scorer.set_weights([
    keras.initializers.GlorotUniform(seed=9)(scorer.kernel.shape),
    np.zeros(5, "float32"),
])

net.compile(optimizer=keras.optimizers.Adam(3e-3), loss="categorical_crossentropy", metrics=["accuracy"])
print("-- digits 5-9:", len(x_new), "images")
net.fit(Shuffled(x_new, y_new, 16, seed=2), epochs=14, verbose=2)  # expect-or: update-missing

p = net.predict(x_eval, verbose=0)
for k in range(5):
    mine = y_eval == k
    print(f"digit {k + 5}: {np.mean(p[mine].argmax(1) == k):.3f} of {mine.sum()}")
print(f"accuracy on 5-9: {np.mean(p.argmax(1) == y_eval):.3f}")
