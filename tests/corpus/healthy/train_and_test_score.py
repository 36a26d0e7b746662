"""fit(), then evaluate() on both sets so that the gap can be seen."""
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras.datasets import mnist


class Config:
    epochs = 5
    batch_size = 32
    seed = 90


def prepare():
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train = (x_train.astype("float32") - 33.3) / 78.6
    x_test = (x_test.astype("float32") - 33.3) / 78.6
    return (x_train[..., None], keras.utils.to_categorical(y_train, 10)), \
           (x_test[..., None], keras.utils.to_categorical(y_test, 10))


def network():
    m = keras.Sequential(name="lenet")
    m.add(keras.Input((28, 28, 1)))
    m.add(keras.layers.Conv2D(6, 5, padding="same", activation="relu"))
    m.add(keras.layers.AveragePooling2D(2))
    m.add(keras.layers.Conv2D(16, 5, activation="relu"))
    m.add(keras.layers.AveragePooling2D(2))
    m.add(keras.layers.Flatten())
    m.add(keras.layers.Dense(84, activation="relu"))
    m.add(keras.layers.Dropout(0.25))
    m.add(keras.layers.Dense(10, activation="softmax"))
    return m


if __name__ == "__main__":
    keras.utils.set_random_seed(Config.seed)
    train, test = prepare()
    lenet = network()
    lenet.compile(optimizer="nadam", loss="categorical_crossentropy", metrics=["accuracy"])
    lenet.fit(*train, epochs=Config.epochs, batch_size=Config.batch_size, verbose=2)
    scores = {
        "train": lenet.evaluate(*train, verbose=0),
        "test": lenet.evaluate(*test, verbose=0),
    }
    for name, (loss, accuracy) in scores.items():
        print(f"{name:>5}: loss {loss:.4f}  accuracy {accuracy:.4f}")
    print(f"most frequent digit {test[1].mean(axis=0).max():.4f}")
