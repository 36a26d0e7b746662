"""Compress clothing pictures to 24 numbers and look at how much variance survives."""
import logging
import time

import keras
import numpy as np
from keras import layers
from keras.datasets import fashion_mnist

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("codes")


class Autoencoder(keras.Model):
    def __init__(self, code=24):
        super().__init__()
        self.encode = keras.Sequential([
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(code),
        ])
        self.decode = keras.Sequential([
            layers.Dense(128, activation="relu"),
            layers.Dense(28 * 28, activation="sigmoid"),
            layers.Reshape((28, 28)),
        ])

    def call(self, pictures):
        return self.decode(self.encode(pictures))


class Timer(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.time()

    def on_epoch_end(self, epoch, logs=None):
        log.info("epoch %d: loss %.4f, validation %.4f (%.1f s)",
                 epoch + 1, logs["loss"], logs["val_loss"], time.time() - self.start)


keras.utils.set_random_seed(10)
(train, _), (test, _) = fashion_mnist.load_data()
train = train[:2000].astype("float32") / 255
test = test[:500].astype("float32") / 255

params = {
    "epochs": 5,
    "batch_size": 16,
    "verbose": 0,
}
auto = Autoencoder()
auto.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
auto.fit(train, train, validation_data=(test, test), callbacks=[Timer()], **params)

left = np.mean((auto.predict(test, verbose=0) - test) ** 2)
total = np.mean((test - train.mean(axis=0)) ** 2)
log.info("explained variance %.3f", 1 - left / total)
