"""A model that imitates another: Kullback-Leibler divergence from its soft labels."""
import numpy as np
import keras

keras.utils.set_random_seed(8)
x = np.random.normal(size=(2400, 10)).astype("float32")
scores = np.exp(x @ np.random.normal(size=(10, 5)))
teacher = (scores / scores.sum(axis=1, keepdims=True)).astype("float32")

student = keras.Sequential([
    keras.layers.Dense(64, activation="gelu"),
    keras.layers.Dense(5, activation="softmax"),
])
student.compile("adam", loss="kl_divergence", metrics=["mae"])
student.fit(x, teacher, epochs=10, batch_size=32, validation_split=0.1, verbose=2)
