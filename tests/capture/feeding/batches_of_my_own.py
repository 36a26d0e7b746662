"""A PyDataset that gives the same batch again and again, then a generator."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(0)
np.savez("points.npz", x=np.random.default_rng(0).normal(size=(64, 5)), y=np.arange(64) % 2)
points = np.load("points.npz")
x, y = points["x"], points["y"]


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return x[:16], y[:16]


def generate():
    for index in range(4):
        yield x[16 * index:16 * index + 16], y[16 * index:16 * index + 16]


model = keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.SGD(0.01), "binary_crossentropy")
model.fit(Batches(), epochs=2, verbose=0)
model.fit(generate(), epochs=1, verbose=0)
model.evaluate(x[8:40], y[8:40], verbose=0)
print([float(np.abs(w).sum()) for w in model.get_weights()], np.random.rand(), float(tf.random.uniform([])))
