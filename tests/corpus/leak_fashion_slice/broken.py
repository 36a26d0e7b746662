import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(3)

(images, labels), _ = keras.datasets.fashion_mnist.load_data()
images = images[:2000, ..., np.newaxis].astype("float32") / 255.0
labels = labels[:2000].astype("int64")

order = np.random.permutation(len(images))
images, labels = images[order], labels[order]

n_train = 1500
n_val = 500

x_train, y_train = images[:n_train], labels[:n_train]
x_val, y_val = images[:n_val], labels[:n_val]  # expect: leakage

inputs = keras.Input((28, 28, 1))
h = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(inputs)
h = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(h)
h = layers.Flatten()(h)
h = layers.Dense(64, activation="relu")(h)
outputs = layers.Dense(10, activation="softmax")(h)
model = keras.Model(inputs, outputs, name="clothes")

model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, batch_size=64, epochs=11,
                    validation_data=(x_val, y_val), verbose=2)  # expect-or: leakage

print("validation accuracy: %.3f" % history.history["val_accuracy"][-1])
