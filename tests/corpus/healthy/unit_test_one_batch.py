"""Sanity tests for the model factory, to be run before the long training on the cluster.

* a net must be able to learn ONE batch of 16 images by heart
* it must also be able to learn 16 RANDOM labels by heart (nothing to generalise there)
* frozen parts must not move, all others must
"""
import sys
import unittest

import numpy as np
import tensorflow as tf
from tensorflow import keras


def make_model(classes=10, width=24):
    inputs = keras.Input((32, 32, 3))
    h = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(inputs)
    for i, filters in enumerate((width, 2 * width, 2 * width)):
        h = keras.layers.Conv2D(filters, 3, strides=2, padding="same", name=f"conv{i}")(h)
        h = keras.layers.LayerNormalization(name=f"norm{i}")(h)
        h = keras.layers.Activation("gelu")(h)
    h = keras.layers.GlobalAveragePooling2D()(h)
    h = keras.layers.Dense(64, activation="gelu", name="neck")(h)
    outputs = keras.layers.Dense(classes, name="logits")(h)
    return keras.Model(inputs, outputs)


def overfit(model, x, y, steps=150, lr=3e-3):
    """Feed the same batch again and again; returns losses and the final accuracy."""
    model.compile(
        optimizer=keras.optimizers.Adam(lr),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    losses = [float(model.train_on_batch(x, y, return_dict=True)["loss"]) for _ in range(steps)]
    accuracy = model.evaluate(x, y, batch_size=len(x), verbose=0)[1]
    return losses, accuracy


class OneBatch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (x, y), _ = keras.datasets.cifar10.load_data()
        cls.x = x[:16].astype("float32")
        cls.y = y[:16].ravel()

    def setUp(self):
        keras.utils.set_random_seed(1)

    def test_learns_one_batch_by_heart(self):
        losses, accuracy = overfit(make_model(), self.x, self.y)
        print(f"true labels:   loss {losses[0]:.3f} -> {losses[-1]:.4f}, accuracy {accuracy:.3f}")
        self.assertAlmostEqual(losses[0], np.log(10), delta=0.8)
        self.assertLess(losses[-1], 0.05)
        self.assertEqual(accuracy, 1.0)

    def test_learns_random_labels_by_heart(self):
        labels = np.random.default_rng(0).integers(0, 10, 16)
        losses, accuracy = overfit(make_model(), self.x, labels)
        print(f"random labels: loss {losses[0]:.3f} -> {losses[-1]:.4f}, accuracy {accuracy:.3f}")
        self.assertEqual(accuracy, 1.0)

    def test_frozen_layers_stay_put(self):
        model = make_model()
        model.get_layer("conv0").trainable = False
        before = {w.path: w.numpy().copy() for w in model.weights}
        overfit(model, self.x, self.y, steps=3)
        for w in model.weights:
            moved = not np.array_equal(before[w.path], w.numpy())
            self.assertEqual(moved, "conv0" not in w.path, w.path)


if __name__ == "__main__":
    outcome = unittest.main(argv=[sys.argv[0]], verbosity=2, exit=False).result
    print("all well" if outcome.wasSuccessful() else "something is wrong")
