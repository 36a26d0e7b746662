"""A pretrained base, frozen, then fine-tuned."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)

def shapes(n, kinds):
    x = rng.normal(0, .15, (n, 16, 16, 1)).astype("float32")
    y = rng.integers(0, len(kinds), n)
    for i in range(n):
        r, c = rng.integers(2, 10, 2)
        k = kinds[y[i]]
        if k == "h": x[i, r, c:c + 5, 0] += 1
        if k == "v": x[i, r:r + 5, c, 0] += 1
        if k == "d": x[i, r + np.arange(4), c + np.arange(4), 0] += 1
        if k == "b": x[i, r:r + 4, c:c + 4, 0] += 1
    return x, y

base = keras.Sequential([
    keras.Input((16, 16, 1)),
    keras.layers.Conv2D(12, 3, activation="relu", padding="same"),
    keras.layers.MaxPooling2D(),
    keras.layers.Conv2D(24, 3, activation="relu"),
    keras.layers.GlobalMaxPooling2D(),
], name="base")
pre = keras.Sequential([base, keras.layers.Dense(3, activation="softmax")])
pre.compile(keras.optimizers.Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
px, py = shapes(900, "hvd")
h = pre.fit(px, py, epochs=2, batch_size=32, verbose=0)
print("pretrain", h.history["loss"][-1], h.history["accuracy"][-1])

x, y = shapes(500, "hbd")
base.trainable = False
inputs = keras.Input((16, 16, 1))
z = base(inputs, training=False)
z = keras.layers.Dropout(0.2)(z)
outputs = keras.layers.Dense(3)(z)
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.Adam(1e-2), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
h = model.fit(x, y, epochs=2, batch_size=32, validation_split=.2, verbose=0)
print("head", h.history["loss"][-1], h.history["val_accuracy"][-1])

base.trainable = True
model.compile(keras.optimizers.Adam(1e-5), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
h = model.fit(x, y, epochs=2, batch_size=32, validation_split=.2, verbose=0)
print("fine-tune", h.history["loss"][-1], h.history["val_accuracy"][-1])
