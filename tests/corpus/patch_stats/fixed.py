"""Clothing classifier on 4x4 patch tokens. Usage: python train.py [epochs]"""
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

sys.path.insert(0, str(Path(__file__).resolve().parent))
from blocks import AddPosition, Mixing, Patchify

HERE = Path(__file__).resolve().parent
EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
STATS = HERE / "assets" / "clothing_mean_std_u8.npz"

keras.utils.set_random_seed(2024)


class Standardiser:
    """Applies the dataset statistics that were computed once on the full training set."""

    def __init__(self, path):
        saved = np.load(path)
        self.mean, self.std = saved["mean"], saved["std"]

    def __call__(self, images):
        return (images.astype("float32") - self.mean) / self.std


def classifier(dim=40, classes=10):
    image = keras.Input((28, 28), name="image")
    t = Patchify(7)(image)
    t = layers.Dense(dim, name="embed")(t)
    t = AddPosition()(t)
    t = Mixing(heads=4, width=10)(t)
    t = layers.Dense(dim, activation="relu")(t)
    t = layers.Flatten()(t)
    t = layers.Dense(64, activation="relu")(t)
    return keras.Model(image, layers.Dense(classes, name="logits")(t))


def main():
    (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
    norm = Standardiser(STATS)
    x_train, x_test = norm(x_train), norm(x_test)

    model = classifier()
    model.compile(
        optimizer=keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(x_train, y_train, batch_size=50, epochs=EPOCHS,
              validation_data=(x_test, y_test), verbose=2)
    loss, acc = model.evaluate(x_test, y_test, verbose=0)
    print(f"test loss {loss:.3f}   test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
