import math

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, utils
from tensorflow.keras.datasets import mnist

utils.set_random_seed(404)


class FolderBatches(utils.PyDataset):
    """Serves the contents of several class folders as mini-batches."""

    def __init__(self, folders, batch_size=40, shuffle=False, seed=0, **kw):
        super().__init__(**kw)
        self.names = sorted(folders)
        self.pixels = np.concatenate([folders[n] for n in self.names])
        self.labels = np.concatenate([np.full(len(folders[n]), k) for k, n in enumerate(self.names)])
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(self.labels))
        self.on_epoch_end()

    def on_epoch_end(self):
        if self.shuffle:
            self.rng.shuffle(self.order)

    def __len__(self):
        return math.ceil(len(self.order) / self.batch_size)

    def __getitem__(self, i):
        start = i * self.batch_size
        stop = min(start + self.batch_size, len(self.order))
        rows = self.order[start:stop]
        batch = self.pixels[rows].astype("float32") / 255.0
        return batch[..., np.newaxis], self.labels[rows]


def as_folders(images, digits):
    return {f"stall_{d}": images[digits == d] for d in range(10)}


def conv_net():
    m = models.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(12, 3, strides=2, activation="relu"),
        layers.Conv2D(24, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    m.compile(optimizer=tf.keras.optimizers.Adam(2e-3),
              loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
    return m


if __name__ == "__main__":
    (xa, ya), (xb, yb) = mnist.load_data()
    train = FolderBatches(as_folders(xa, ya), shuffle=True, seed=1)
    valid = FolderBatches(as_folders(xb, yb), batch_size=100)

    net = conv_net()
    for epoch in range(1, 9):
        for i in range(len(train)):
            loss, accuracy = net.train_on_batch(*train[i])
        train.on_epoch_end()
        net.reset_metrics()
        val_loss, val_accuracy = net.evaluate(valid, verbose=0)
        print(f"epoch {epoch}: loss {float(loss):.3f}  accuracy {float(accuracy):.3f}  "
              f"valid loss {val_loss:.3f}  valid accuracy {val_accuracy:.3f}")
        net.reset_metrics()

    truth = np.concatenate([valid[i][1] for i in range(len(valid))])
    guess = net.predict(valid, verbose=0).argmax(axis=1)
    for k, name in enumerate(valid.names):
        print(name, "recall %.2f" % (guess[truth == k] == k).mean())
    print("valid accuracy %.3f" % (guess == truth).mean())
