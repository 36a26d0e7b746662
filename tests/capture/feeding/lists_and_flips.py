"""A list of inputs with a validation split, then images that the model itself flips and scales."""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
model = keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Concatenate()([right, left])))
model.compile(keras.optimizers.SGD(0.01), "mse")
a, b, c = rng.normal(size=(64, 3)), rng.normal(size=(64, 2)), rng.normal(size=64)
model.fit([a, b], c, validation_split=0.25, verbose=0)

images, labels = rng.integers(0, 256, (96, 8, 8, 1)).astype("uint8"), rng.integers(0, 3, 96)
layers = [keras.layers.Rescaling(1 / 255), keras.layers.RandomFlip(), keras.layers.Flatten(), keras.layers.Dropout(0.2)]
network = keras.Sequential([*layers, keras.layers.Dense(3, activation="softmax")])
network.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
network.fit(images, labels, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, verbose=0)
print([float(np.abs(w).sum()) for w in [*model.get_weights(), *network.get_weights()]], float(tf.random.uniform([])))
