#!/usr/bin/env python
"""Two stages: train the head on frozen features, then unfreeze all at a rate of 1e-5."""
import keras
import numpy as np
from keras import layers
from keras.datasets import mnist, fashion_mnist

keras.utils.set_random_seed(9)


def load(which):
    (xa, ya), (xb, yb) = which.load_data()
    f = lambda v: v[..., None].astype("float32") / 255
    return f(xa), ya, f(xb), yb


# ------------------------------------------------------------------ stage 0: a source task
sx, sy, _, _ = load(mnist)
base = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Flatten(),
], name="base")
source = keras.Sequential([base, layers.Dense(10, activation="softmax")])
source.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source.fit(sx, sy, epochs=4, batch_size=64, verbose=2)

# ------------------------------------------------------------------ stage 1: new head
x, y, xt, yt = load(fashion_mnist)
base.trainable = False
inputs = keras.Input((28, 28, 1))
h = layers.Dense(64, activation="relu")(base(inputs))
target = keras.Model(inputs, layers.Dense(10, activation="softmax")(h))
target.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
target.fit(x, y, epochs=8, batch_size=64, validation_data=(xt, yt), verbose=2)
_, acc_head = target.evaluate(xt, yt, verbose=0)

# ------------------------------------------------------------------ stage 2: fine-tuning
base.trainable = True
target.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
target.fit(x, y, epochs=5, batch_size=64, validation_data=(xt, yt), verbose=2)
_, acc_all = target.evaluate(xt, yt, verbose=0)

print("head only %.3f -> fine-tuned %.3f (guessing %.3f)" % (acc_head, acc_all, np.bincount(yt).max() / len(yt)))
