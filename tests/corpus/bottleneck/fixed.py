"""Bottleneck features.

1. train a small conv net on the digits 0-4 (stands for the big pretrained net)
2. cut its head, push the pictures of the digits 5-9 through it once
3. train a dense head on the stored features
"""
import math

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(11)


class FolderFlow(keras.utils.PyDataset):
    """Images only, in batches, like flow_from_directory(class_mode=None)."""

    def __init__(self, images, classes, batch_size=32, shuffle=True):
        super().__init__()
        self.images = images
        self.classes = classes
        self.batch_size = batch_size
        self.index = np.arange(len(images))
        if shuffle:
            np.random.shuffle(self.index)

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def __getitem__(self, i):
        rows = self.index[i * self.batch_size:(i + 1) * self.batch_size]
        return self.images[rows].astype("float32")[..., None] / 255.0


(x, y), (x_val, y_val) = keras.datasets.mnist.load_data()

# --- 1. the base -----------------------------------------------------------
base = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
], name="base")
pre = keras.Sequential([base, layers.Dropout(0.3), layers.Dense(5, activation="softmax")])
pre.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
low = y < 5
pre.fit(x[low].astype("float32")[..., None] / 255.0, y[low], epochs=5, batch_size=32, verbose=0)
base.trainable = False

# --- 2. the features -------------------------------------------------------
high, high_val = y >= 5, y_val >= 5
train_flow = FolderFlow(x[high], y[high] - 5, shuffle=False)
val_flow = FolderFlow(x_val[high_val], y_val[high_val] - 5, shuffle=False)

train_features = base.predict(train_flow, verbose=0)
train_labels = train_flow.classes
val_features = base.predict(val_flow, verbose=0)
val_labels = val_flow.classes
print("features", train_features.shape, val_features.shape)

# --- 3. the head -----------------------------------------------------------
top = keras.Sequential([
    layers.Input(train_features.shape[1:]),
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(5, activation="softmax"),
])
top.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
top.fit(train_features, train_labels, epochs=15, batch_size=32,
        validation_data=(val_features, val_labels), verbose=2)
print("validation accuracy: %.3f" % top.evaluate(val_features, val_labels, verbose=0)[1])
