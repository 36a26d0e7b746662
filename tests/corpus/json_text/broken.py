import argparse
import json
import pathlib
from types import SimpleNamespace

import numpy as np
import keras
from keras import layers

parser = argparse.ArgumentParser(description="Complaint or praise? Bag of token embeddings.")
parser.add_argument("--trial", default="trial_1.json")  # expect-or: dropout-too-high
options = parser.parse_args()
hp = SimpleNamespace(**json.loads((pathlib.Path(__file__).parent / options.trial).read_text()))  # expect-or: dropout-too-high
keras.utils.set_random_seed(10)


class Messages(keras.utils.PyDataset):
    """Token ids; some tokens lean towards praise, some towards complaint."""

    def __init__(self, n, seed, batch):
        super().__init__()
        rng = np.random.default_rng(seed)
        lean = np.random.default_rng(77).permutation(hp.vocabulary) % 8
        self.y = rng.integers(0, 2, n)
        tokens = rng.integers(0, hp.vocabulary, (n, hp.length))
        swap = rng.random((n, hp.length)) < 0.25
        good, bad = np.flatnonzero(lean == 0), np.flatnonzero(lean == 1)
        tone = np.where(self.y[:, None] == 1, rng.choice(good, (n, hp.length)), rng.choice(bad, (n, hp.length)))
        self.x = np.where(swap, tone, tokens)
        self.batch = batch

    def __len__(self):
        return len(self.y) // self.batch

    def __getitem__(self, i):
        part = slice(i * self.batch, (i + 1) * self.batch)
        return self.x[part], self.y[part]


train, dev = Messages(1600, 1, hp.batch), Messages(480, 2, hp.batch)

model = keras.Sequential()
model.add(layers.Input((hp.length,)))
model.add(layers.Embedding(hp.vocabulary, hp.embedding))
model.add(layers.Flatten())
model.add(layers.Dropout(hp.dropout))  # expect: dropout-too-high
model.add(layers.Dense(hp.hidden, activation="relu"))
model.add(layers.Dropout(hp.dropout))  # expect-or: dropout-too-high
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(hp.rate), loss="binary_crossentropy", metrics=["accuracy"])

model.fit(train, validation_data=dev, epochs=hp.epochs, verbose=2)  # expect-or: dropout-too-high
print("dev accuracy %.3f" % model.evaluate(dev, verbose=0)[1])
