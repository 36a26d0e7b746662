"""Squeeze network: a custom layer that holds several small kernels, written for TF 2.x and moved to Keras 3."""

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from tensorflow import keras


class SqueezeStack(keras.layers.Layer):
    """x -> tanh(x K0) -> tanh(. K1) -> ...   with the widths given."""

    def __init__(self, widths, **kwargs):
        super().__init__(**kwargs)
        self.widths = list(widths)
        self.kernels = []

    def build(self, input_shape):
        init = keras.initializers.GlorotUniform(seed=8)
        n_in = input_shape[-1]
        for n_out in self.widths:
            self.kernels.append(tf.Variable(init((n_in, n_out)), trainable=True))  # expect: gradient-disconnected  # expect-or: update-missing
            n_in = n_out

    def call(self, x):
        for kernel in self.kernels:
            x = tf.math.tanh(tf.matmul(x, kernel))
        return x


class SqueezeNet(keras.Model):
    def __init__(self, n_classes):
        super().__init__()
        self.scale = keras.layers.Rescaling(1.0 / 8.0, offset=-0.6)
        self.squeeze = SqueezeStack([24, 12, 6])  # expect-or: gradient-disconnected
        self.drop = keras.layers.Dropout(0.05)
        self.head = keras.layers.Dense(n_classes)

    def call(self, x, training=None):
        z = self.squeeze(self.scale(x))
        return self.head(self.drop(z, training=training))


def main():
    keras.utils.set_random_seed(42)
    X, y = load_digits(return_X_y=True)
    X = X.astype("float32")
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=42)

    model = SqueezeNet(10)
    model.compile(
        optimizer=keras.optimizers.Adam(5e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(X_train, y_train, batch_size=32, epochs=25, verbose=0)

    for part, a, b in (("train", X_train, y_train), ("test", X_test, y_test)):
        loss, acc = model.evaluate(a, b, verbose=0)
        print(f"{part:>5}: loss {loss:.3f}  accuracy {acc:.3f}")
    print(classification_report(y_test, model.predict(X_test, verbose=0).argmax(1), digits=2, zero_division=0))


if __name__ == "__main__":
    main()
