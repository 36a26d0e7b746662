import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(6)
gen = np.random.default_rng(6)
n = 2200
spec = gen.normal(size=(n, 16)).astype("float32")
sugar = spec[:, :4].sum(1) * .5 + .1 * gen.normal(size=n)
ripe = (spec[:, 4] * spec[:, 5] + spec[:, 6] > 0).astype("float32")
trunk_in = keras.Input((16,), name="spectrum")
h = layers.Dense(64, activation="relu")(trunk_in)
h = layers.Dense(64, activation="relu")(h)
model = keras.Model(trunk_in, {"sugar": layers.Dense(1, name="sugar")(h), "ripe": layers.Dense(1, activation="sigmoid", name="ripe")(h)})
WEIGHTS = {"sugar": 1.0, "ripe": 1.0}
model.compile("adam", loss={"sugar": "mse", "ripe": "binary_crossentropy"},
              loss_weights=WEIGHTS, metrics={"ripe": ["accuracy"]})

cut = 1700
model.fit(spec[:cut], {"sugar": sugar[:cut], "ripe": ripe[:cut]}, epochs=25, batch_size=32, verbose=2,
          validation_data=(spec[cut:], {"sugar": sugar[cut:], "ripe": ripe[cut:]}))
