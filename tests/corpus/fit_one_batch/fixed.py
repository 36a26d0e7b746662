import keras
import numpy as np

keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)
X = rng.normal(size=(3000, 16)).astype("float32")
y = (np.tanh(X[:, 0] * 2) + X[:, 1] > 0.2).astype("float32")
entry = keras.Input((16,))
h = keras.layers.Dense(48, activation="relu")(entry)
model = keras.Model(entry, keras.layers.Dense(1, activation="sigmoid")(h))
model.compile(optimizer=keras.optimizers.SGD(0.01), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X[:2400], y[:2400], batch_size=24, epochs=20, verbose=0)
print("accuracy", model.evaluate(X[2400:], y[2400:], verbose=0)[1])
