"""Batch normalisation in the trunk, dropout left on at test time, thirty passes averaged."""
import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(62)
PASSES = 30


class MCDropout(keras.layers.Dropout):
    """Dropout that stays on, so that repeated passes give a spread."""

    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


def trunk(x, units):
    x = keras.layers.Dense(units, use_bias=False)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    x = keras.layers.Activation("relu")(x)
    return MCDropout(0.3)(x)


X, y = load_digits(return_X_y=True)
X = (X / 16).astype("float32")
X_fit, X_test, y_fit, y_test = train_test_split(X, y, test_size=400, random_state=62, stratify=y)

pixels = keras.Input((64,))
out = keras.layers.Dense(10, activation="softmax")(trunk(trunk(pixels, 96), 48))
net = keras.Model(pixels, out)
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(X_fit, y_fit, validation_split=0.1, epochs=20, batch_size=32, verbose=2)

# training=False for the batch statistics; the MC layers do not care
draws = np.stack([net(X_test, training=False).numpy() for _ in range(PASSES)])
mean = draws.mean(axis=0)
single = (draws[0].argmax(1) == y_test).mean()
averaged = (mean.argmax(1) == y_test).mean()
entropy = -(mean * np.log(mean + 1e-9)).sum(1)
wrong = mean.argmax(1) != y_test
print(f"one pass {single:.3f}, average of {PASSES} passes {averaged:.3f}, largest class {np.bincount(y_test).max() / 400:.3f}")
print(f"entropy where right {entropy[~wrong].mean():.3f}, where wrong {entropy[wrong].mean() if wrong.any() else float('nan'):.3f}")
