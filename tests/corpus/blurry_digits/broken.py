import math

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(31)


class DigitFeed(keras.utils.PyDataset):
    """gives noisy, randomly shifted 8x8 digits"""

    def __init__(self, pictures, answers, batch_size=32, augment=False, **kw):
        super().__init__(**kw)
        self.pictures = pictures.copy()
        self.answers = answers.copy()
        self.batch_size = batch_size
        self.augment = augment

    def __len__(self):
        return math.ceil(len(self.pictures) / self.batch_size)

    def __getitem__(self, i):
        part = slice(i * self.batch_size, (i + 1) * self.batch_size)
        px = self.pictures[part]
        if self.augment:
            px = np.roll(px, np.random.randint(-1, 2), axis=2)
            px = px + np.random.normal(0, 0.05, px.shape)
        return px[..., None].astype("float32"), self.answers[part]

    def on_epoch_end(self):
        if self.augment:
            np.random.shuffle(self.pictures)  # expect-or: label-mismatch
            np.random.shuffle(self.answers)  # expect: label-mismatch


bunch = load_digits()
xa, xb, ya, yb = train_test_split(bunch.images / 16.0, bunch.target, test_size=0.3,
                                  stratify=bunch.target, random_state=4)
train_feed = DigitFeed(xa, ya, augment=True)
test_feed = DigitFeed(xb, yb, batch_size=128)

inp = layers.Input((8, 8, 1))
z = layers.Conv2D(16, 3, padding="same", activation="relu")(inp)
z = layers.MaxPooling2D()(z)
z = layers.Conv2D(32, 3, padding="same", activation="relu")(z)
z = layers.Flatten()(z)
z = layers.Dense(48, activation="relu")(z)
out = layers.Dense(10, activation="softmax")(z)
m = keras.Model(inp, out)
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
m.fit(train_feed, epochs=10, validation_data=test_feed, verbose=2)
print("test:", m.evaluate(test_feed, verbose=0))
