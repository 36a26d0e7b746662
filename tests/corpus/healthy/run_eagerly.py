import keras, numpy as np
keras.utils.set_random_seed(0)
from sklearn.datasets import load_digits
d = load_digits(); X = d.data / 16; y = d.target
m = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
m.fit(X[:1400], y[:1400], epochs=6, batch_size=7, validation_data=(X[1400:], y[1400:]), verbose=0)
print(m.evaluate(X[1400:], y[1400:], verbose=0))
