import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedShuffleSplit


def standardise(m):
    return (m - m.mean(axis=1, keepdims=True)) / m.std(axis=1, keepdims=True)  # expect: input-scale


bunch = load_wine()
data = bunch.data
fold, rest = next(StratifiedShuffleSplit(1, test_size=0.3, random_state=11).split(data, bunch.target))
xs = standardise(data).astype(np.float32)  # expect-or: input-scale
labels = tf.one_hot(bunch.target, 3).numpy()

tf.keras.utils.set_random_seed(11)
net = tf.keras.models.Sequential()
net.add(tf.keras.layers.InputLayer(shape=(13,)))
net.add(tf.keras.layers.Dense(24, activation="relu"))
net.add(tf.keras.layers.Dense(3, activation="softmax"))
net.compile(loss="categorical_crossentropy", optimizer=tf.keras.optimizers.Adam(5e-3), metrics=["accuracy"])
net.fit(xs[fold], labels[fold], epochs=40, batch_size=16, verbose=2, validation_data=(xs[rest], labels[rest]))
