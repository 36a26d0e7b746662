"""Fashion-MNIST read through a PyDataset, the way our image folders are read."""
import math

import keras
import numpy as np
from keras import layers


class FolderDataset(keras.utils.PyDataset):
    """One 'folder' per class; files are listed folder by folder."""

    def __init__(self, images, labels, batch_size=32, shuffle=False, seed=0, **kw):
        super().__init__(**kw)
        self.images, self.labels = images, labels
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.rng = np.random.default_rng(seed)
        self.files = np.concatenate([np.flatnonzero(labels == c) for c in range(10)])
        self.starts = np.arange(0, len(self.files), batch_size)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.files) / self.batch_size)

    def on_epoch_end(self):
        if self.shuffle:
            self.rng.shuffle(self.starts)  # expect: unshuffled

    def __getitem__(self, idx):
        start = self.starts[idx]
        picked = self.files[start : start + self.batch_size]
        x = self.images[picked].astype("float32")[..., None] / 255.0
        return x, self.labels[picked]


def block(filters):
    return [
        layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


def main():
    keras.utils.set_random_seed(14)
    (x_a, y_a), (x_b, y_b) = keras.datasets.fashion_mnist.load_data()
    d = {"x_train": x_a, "y_train": y_a, "x_test": x_b, "y_test": y_b}
    train = FolderDataset(d["x_train"], d["y_train"].astype("int32"), shuffle=True, seed=14)
    test = FolderDataset(d["x_test"], d["y_test"].astype("int32"), batch_size=100)

    model = keras.Sequential(
        [keras.Input((28, 28, 1)), *block(16), *block(32),
         layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")]
    )
    model.compile(
        keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    model.fit(train, validation_data=test, epochs=10, verbose=2)
    print("test accuracy", model.evaluate(test, verbose=0)[1])


main()
