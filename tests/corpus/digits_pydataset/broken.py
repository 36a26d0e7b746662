import math

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class DigitSequence(keras.utils.PyDataset):
    """Shuffles every epoch, adds a little pixel noise."""

    def __init__(self, images, labels, batch_size=1024, augment=True, seed=0, **kwargs):  # expect: batch-size
        super().__init__(**kwargs)
        self.images, self.labels = images, labels
        self.batch_size, self.augment = batch_size, augment
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(images))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def __getitem__(self, idx):
        pick = self.order[idx * self.batch_size:(idx + 1) * self.batch_size]
        x = self.images[pick]
        if self.augment:
            x = x + self.rng.normal(0.0, 0.05, size=x.shape).astype("float32")
        return x, self.labels[pick]

    def on_epoch_end(self):
        self.rng.shuffle(self.order)


def make_model():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(32, 3, activation="relu", padding="same"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, 3, activation="relu", padding="same"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])


if __name__ == "__main__":
    keras.utils.set_random_seed(6)
    d = load_digits()
    x_tr, x_va, y_tr, y_va = train_test_split(
        (d.images / 16.0).astype("float32")[..., None], d.target,
        test_size=0.2, random_state=6, stratify=d.target)
    model = make_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(DigitSequence(x_tr, y_tr), validation_data=(x_va, y_va), epochs=8, verbose=2)  # expect-or: batch-size
