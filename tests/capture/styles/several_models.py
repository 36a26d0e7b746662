"""Three models, three calls of fit."""

import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)
x = rng.normal(size=(1200, 10)).astype("float32")
y_reg = (x @ rng.normal(size=(10, 1)) + 0.1 * rng.normal(size=(1200, 1))).astype("float32")
y_bin = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype("float32")
y_cls = np.argmax(x[:, :4] + 0.1 * rng.normal(size=(1200, 4)), axis=1)

regressor = keras.Sequential([layers.Input((10,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
regressor.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
h1 = regressor.fit(x, y_reg, epochs=2, batch_size=32, verbose=0, validation_split=0.2)

inp = keras.Input((10,))
h = layers.Dense(32, activation="relu")(inp)
h = layers.Dense(32, activation="relu")(h)
out = layers.Dense(1, activation="sigmoid")(h)
binary = keras.Model(inp, out, name="binary_clf")
binary.compile("adam", "binary_crossentropy", metrics=["accuracy"])
h2 = binary.fit(x, y_bin, epochs=2, batch_size=32, verbose=0)


class Multi(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Dense(32, activation="tanh")
        self.b = layers.Dense(4)

    def call(self, x):
        return self.b(self.a(x))


multi = Multi()
multi.compile(keras.optimizers.Adam(5e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
h3 = multi.fit(x, y_cls, epochs=2, batch_size=64, verbose=0)
for h in (h1, h2, h3):
    print([repr(float(v)) for v in h.history["loss"]])
print("steps", 30 * 8, 38 * 15, 19 * 8)
print(repr(float(sum(np.abs(w).sum() for m in (regressor, binary, multi) for w in m.get_weights()))))
