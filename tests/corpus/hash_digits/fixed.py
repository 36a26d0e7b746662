"""Semantic hashing of digits: every image gets a 24-bit code, a decoder draws it back."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers, ops
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

BITS = 24
keras.utils.set_random_seed(31)

x = (load_digits().data / 16.0).astype("float32")
x_train, x_test = train_test_split(x, test_size=0.25, random_state=31)


class Binarize(layers.Layer):
    def call(self, p):
        hard = ops.cast(tf.round(p), p.dtype)
        return p + ops.stop_gradient(hard - p)


class Hasher(keras.Model):
    def __init__(self, bits):
        super().__init__()
        self.encoder = keras.Sequential([
            layers.Dense(96, activation="relu"),
            layers.Dense(bits, activation="sigmoid"),
        ], name="encoder")
        self.bits = Binarize()
        self.decoder = keras.Sequential([
            layers.Dense(96, activation="relu"),
            layers.Dense(64, activation="sigmoid"),
        ], name="decoder")

    def call(self, images):
        code = self.bits(self.encoder(images))
        return self.decoder(code)


net = Hasher(BITS)
net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
net.fit(x_train, x_train, batch_size=32, epochs=30, validation_data=(x_test, x_test), verbose=2)

codes = net.bits(net.encoder(x_test)).numpy()
mse = float(np.mean((net.predict(x_test, verbose=0) - x_test) ** 2))
base = float(np.mean((x_train.mean(0) - x_test) ** 2))
print("distinct codes on %d test images: %d" % (len(codes), len(np.unique(codes.round(), axis=0))))
print("test reconstruction mse %.4f   (mean image: %.4f)" % (mse, base))
