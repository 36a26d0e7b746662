"""MNIST with sensor-noise and shift augmentation served by a PyDataset."""
import math

import numpy as np
import keras
from keras import layers, ops

AUG = {
    "noise_std": 20.0,
    "max_shift": 1,
}
RUN = {"epochs": 8, "batch_size": 64, "lr": 2e-3, "seed": 17}


class DigitBatches(keras.utils.PyDataset):
    def __init__(self, images, labels, batch_size, augment=None, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.images, self.labels = images, labels
        self.batch_size = batch_size
        self.augment = augment
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(images))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def on_epoch_end(self):
        if self.augment:
            self.rng.shuffle(self.order)

    def _shift(self, batch):
        limit = self.augment["max_shift"]
        dy, dx = self.rng.integers(-limit, limit + 1, size=2)
        return np.roll(batch, (dy, dx), axis=(1, 2))

    def __getitem__(self, index):
        pick = self.order[index * self.batch_size:(index + 1) * self.batch_size]
        batch = self.images[pick].astype("float32") / 255.0
        if self.augment:
            batch = self._shift(batch)
            noise = self.rng.normal(0.0, self.augment["noise_std"] / 255.0, batch.shape)
            batch = batch + noise.astype("float32")
        return batch, self.labels[pick]


@keras.saving.register_keras_serializable("mnist_aug")
class RowColumn(layers.Layer):
    """Two projections, of the rows and of the columns, laid side by side."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.rows = layers.Dense(units, activation="relu")
        self.cols = layers.Dense(units, activation="relu")

    def build(self, shape):
        self.rows.build((shape[0], shape[1], shape[2]))
        self.cols.build((shape[0], shape[2], shape[1]))
        self.built = True

    def call(self, x):
        return ops.concatenate([self.rows(x), self.cols(ops.transpose(x, (0, 2, 1)))], axis=-1)


def network():
    img = keras.Input((28, 28))
    h = RowColumn(10)(img)
    h = layers.Flatten()(h)
    h = layers.Dense(64, activation="relu")(h)
    return keras.Model(img, layers.Dense(10, activation="softmax")(h))


def main():
    keras.utils.set_random_seed(RUN["seed"])
    (tr_img, tr_lab), (te_img, te_lab) = keras.datasets.mnist.load_data()
    train = DigitBatches(tr_img, tr_lab, RUN["batch_size"], augment=AUG, seed=RUN["seed"])
    test = DigitBatches(te_img, te_lab, 250)

    net = network()
    net.compile(
        keras.optimizers.Adam(RUN["lr"]),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    net.fit(train, validation_data=test, epochs=RUN["epochs"], verbose=2)
    loss, acc = net.evaluate(test, verbose=0)
    print(f"test: loss {loss:.3f}, accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
