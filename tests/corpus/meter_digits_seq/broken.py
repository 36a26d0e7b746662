"""Water-meter digit reader, trained from a batch feeder (ported from our Keras 1 code)."""
import math

import keras
import numpy as np
from keras import layers

BATCH = 32
EPOCHS = 8


class DigitFeeder(keras.utils.PyDataset):
    """Serves augmented 28x28 crops."""

    def __init__(self, images, labels, batch, jitter=True, **kw):
        super().__init__(**kw)
        self.images, self.labels = images, labels
        self.batch = batch
        self.jitter = jitter
        self.rng = np.random.default_rng(11)
        self.order = self.rng.permutation(len(images))

    def __len__(self):
        return math.ceil(len(self.images) / self.batch)

    def __getitem__(self, i):
        pick = self.order[i * self.batch:(i + 1) * self.batch]
        x = self.images[pick].astype("float32") / 255.0
        if self.jitter:
            dy, dx = self.rng.integers(-1, 2, size=2)
            x = np.roll(x, (dy, dx), axis=(1, 2))
        return x[..., None], self.labels[pick]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.images))


def build():
    inp = keras.Input((28, 28, 1))
    h = layers.Conv2D(16, 3, strides=2, activation="relu")(inp)
    h = layers.Conv2D(32, 3, strides=2, activation="relu")(h)
    h = layers.Flatten()(h)
    h = layers.Dense(64, activation="relu")(h)
    return keras.Model(inp, layers.Dense(10, activation="softmax")(h))


def main():
    keras.utils.set_random_seed(5)
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    x_train, y_train = x_train[:2000], y_train[:2000]
    x_test, y_test = x_test[:500], y_test[:500]

    train = DigitFeeder(x_train, y_train, BATCH)
    test = DigitFeeder(x_test, y_test, BATCH, jitter=False)

    net = build()
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(  # expect-or: too-few-steps
        train,  # expect-or: too-few-steps
        steps_per_epoch=len(train) // BATCH,  # expect: too-few-steps
        epochs=EPOCHS,  # expect-or: too-few-steps
        validation_data=test,  # expect-or: too-few-steps
        verbose=2,  # expect-or: too-few-steps
    )  # expect-or: too-few-steps
    loss, acc = net.evaluate(test, verbose=0)
    print(f"test loss {loss:.4f}  test accuracy {acc:.4f}")


if __name__ == "__main__":
    main()
