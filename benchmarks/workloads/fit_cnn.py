"""Keras fit of a CNN: seconds per step in the steady state."""

import keras
import numpy as np
from steady import measure

keras.utils.set_random_seed(0)
x = np.random.rand(3200, 28, 28, 1).astype("float32")
y = np.random.randint(0, 10, 3200)
model = keras.Sequential(
    [
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
measure(lambda: model.fit(x, y, batch_size=64, epochs=2, verbose=0), 100)
