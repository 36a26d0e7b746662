import csv
import itertools
import os

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(8)

FOLDER = os.path.dirname(os.path.abspath(__file__))
CLASSES = ["walk", "run", "cycle", "stairs", "sit"]
BATCH = 20
EPOCHS = 8


class Recordings:
    """Accelerometer windows of 24 samples, one a line: label, then the values."""

    def __init__(self, name):
        with open(os.path.join(FOLDER, name), newline="") as f:
            self.rows = list(csv.reader(f))

    def __len__(self):
        return len(self.rows) // BATCH

    def arrays(self, rows):
        x = np.array([r[1:] for r in rows], dtype=np.float32)[..., None]
        y = np.array([CLASSES.index(r[0]) for r in rows], dtype=np.int32)
        return x, y

    def batches(self):
        rows = list(self.rows)  # expect-or: unshuffled
        for i in range(len(self)):
            yield self.arrays(rows[i * BATCH:(i + 1) * BATCH])  # expect-or: unshuffled

    def forever(self):
        for _ in itertools.count():  # expect-or: unshuffled
            yield from self.batches()  # expect: unshuffled


train = Recordings("train.csv")
test = Recordings("test.csv")

model = tf.keras.Sequential()
model.add(tf.keras.layers.Input((24, 1)))
model.add(tf.keras.layers.Conv1D(16, 5, activation="relu"))
model.add(tf.keras.layers.MaxPooling1D(2))
model.add(tf.keras.layers.GRU(24))
model.add(tf.keras.layers.Dense(len(CLASSES)))

model.compile(
    tf.keras.optimizers.Adam(0.005),
    tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"])

model.fit(train.forever(), steps_per_epoch=len(train), epochs=EPOCHS, verbose=2)  # expect-or: unshuffled

x_test, y_test = test.arrays(test.rows)
print("accuracy on test recordings: %.3f" % model.evaluate(x_test, y_test, verbose=0)[1])
