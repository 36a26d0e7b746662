"""Which of three crops will do best on a field?  Nine soil readings in percent, from a csv file."""

import csv
import pathlib

import numpy as np
import keras

FILE = pathlib.Path(__file__).parent / "fields.csv"


class FieldData(keras.utils.PyDataset):
    """Serves batches of fields, in a new order in every epoch."""

    def __init__(self, readings, crops, batch_size=25, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.readings = readings
        self.crops = crops
        self.batch_size = batch_size
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(crops))

    def __len__(self):
        return int(np.ceil(len(self.crops) / self.batch_size))

    def __getitem__(self, index):
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        fractions = self.readings[rows] / 100
        return fractions.astype("float32"), self.crops[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.crops))


def read(path):
    with open(path, newline="") as handle:
        table = [[int(cell) for cell in row] for row in list(csv.reader(handle))[1:]]
    table = np.array(table)
    return table[:, :-1], table[:, -1]


keras.utils.set_random_seed(99)
readings, crops = read(FILE)
cut = int(0.8 * len(crops))
train = FieldData(readings[:cut], crops[:cut], seed=1)
held_out = FieldData(readings[cut:], crops[cut:], seed=2)

model = keras.Sequential(
    [
        keras.layers.Input((9,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.RMSprop(0.002),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(train, validation_data=held_out, epochs=30, verbose=2)
print("held-out accuracy", round(model.evaluate(held_out, verbose=0)[1], 3))
