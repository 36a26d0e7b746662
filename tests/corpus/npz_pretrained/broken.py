import os

import numpy as np
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

HERE = os.path.dirname(os.path.abspath(__file__))


def network():
    return keras.Sequential([
        keras.layers.Input(shape=(13,)),
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(64, activation="tanh"),
        keras.layers.Dense(3, activation="softmax"),
    ])


def restore(model, path):
    with np.load(path) as saved:  # expect-or: init-too-large
        for i, layer in enumerate(model.layers):
            layer.set_weights([saved[f"k{i}"], saved[f"c{i}"]])  # expect-or: init-too-large
    return model


def train(weights="weights_v1.npz", epochs=20):  # expect-or: init-too-large
    data = load_wine()
    order = np.random.RandomState(1).permutation(len(data.target))
    x = StandardScaler().fit_transform(data.data)[order].astype("float32")
    y = data.target[order]

    model = restore(network(), os.path.join(HERE, weights))  # expect: init-too-large
    model.compile(optimizer=keras.optimizers.SGD(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:120], y[:120], validation_data=(x[120:], y[120:]), batch_size=8, epochs=epochs, verbose=2)  # expect-or: init-too-large
    return model.evaluate(x[120:], y[120:], verbose=0)


if __name__ == "__main__":
    keras.utils.set_random_seed(2)
    loss, accuracy = train()
    print(f"held-out loss {loss:.3f}, accuracy {accuracy:.3f}")
