"""Weights and models that are saved, loaded and trained on."""

import os, tempfile
import numpy as np
import keras
from keras import layers
keras.utils.set_random_seed(17)
rs = np.random.RandomState(17)
x = rs.normal(size=(1000, 6)).astype("float32")
y = (np.sin(x[:, 0]) + x[:, 1] * x[:, 2]).astype("float32").reshape(-1, 1)

def build_model():
    inp = layers.Input(shape=(6,))
    h = layers.Dense(48, activation="relu")(inp)
    h = layers.Dense(48, activation="relu")(h)
    m = keras.Model(inp, layers.Dense(1)(h))
    m.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])
    return m

tmp = tempfile.mkdtemp()
m = build_model()
h = m.fit(x, y, epochs=2, batch_size=32, verbose=0)
print("first", repr(h.history["loss"][-1]))
m.save_weights(os.path.join(tmp, "w.weights.h5"))

m2 = build_model()
m2.load_weights(os.path.join(tmp, "w.weights.h5"))
print("same", float(np.abs(m2.predict(x, verbose=0) - m.predict(x, verbose=0)).max()))
h = m2.fit(x, y, epochs=2, batch_size=32, verbose=0)
print("weights continued", repr(h.history["loss"][-1]))

m2.save(os.path.join(tmp, "model.keras"))
m3 = keras.models.load_model(os.path.join(tmp, "model.keras"))
print("optimizer iterations", int(m3.optimizer.iterations.numpy()))
h = m3.fit(x, y, epochs=2, batch_size=32, verbose=0)
print("model continued", repr(h.history["loss"][-1]), m3.evaluate(x, y, verbose=0, return_dict=True))
