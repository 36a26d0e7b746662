"""Kidney graft survival. Everything that can be tuned is in the JSON run file."""
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import pandas as pd
import numpy as np
import tensorflow as tf

BASE = Path(__file__).resolve().parent
sys.path.insert(0, str(BASE))
from discrete_time import concordance, encode_times, expected_bins, hazard_nll

run = SimpleNamespace(**json.loads((BASE / "run.json").read_text()))  # expect: overfitting
keras.utils.set_random_seed(run.seed)


class Cohort:
    def __init__(self, frame, edges, scaler=None):
        self.years = frame["years"].to_numpy("float32")
        self.failed = frame["failed"].to_numpy("int32")
        x = frame.drop(columns=["years", "failed"]).to_numpy("float32")
        self.scaler = scaler or (x.mean(0), x.std(0) + 1e-6)
        self.x = (x - self.scaler[0]) / self.scaler[1]
        self.y = encode_times(self.years, self.failed, edges)


def load():
    table = pd.read_csv(BASE / run.table).sample(frac=1.0, random_state=run.seed)
    held, rest = table.iloc[:run.holdout], table.iloc[run.holdout:]
    if run.max_rows:
        rest = rest.iloc[:run.max_rows]  # expect-or: overfitting
    edges = np.linspace(0.0, run.horizon, run.n_bins + 1)
    train = Cohort(rest, edges)
    return train, Cohort(held, edges, train.scaler)


def network(width):
    x = h = keras.Input((width,))
    for units in run.hidden:
        h = keras.layers.Dense(units, activation="relu")(h)
        h = keras.layers.Dropout(run.dropout)(h)
    return keras.Model(x, keras.layers.Dense(run.n_bins)(h))


train, held = load()  # expect-or: overfitting
stream = (tf.data.Dataset.from_tensor_slices((train.x, train.y))
          .shuffle(len(train.x), seed=run.seed).repeat().batch(run.batch))

model = network(train.x.shape[1])
model.compile(keras.optimizers.Adam(run.lr), loss=hazard_nll)
history = model.fit(stream, steps_per_epoch=run.steps, epochs=run.epochs,  # expect-or: overfitting
                    validation_data=(held.x, held.y), verbose=0)  # expect-or: overfitting
for e in range(4, run.epochs, 5):
    print(f"epoch {e + 1:3d}  nll {history.history['loss'][e]:.3f}  held-out nll {history.history['val_loss'][e]:.3f}")

for name, part in (("development", train), ("held-out", held)):
    rms = expected_bins(model.predict(part.x, verbose=0))
    print(f"{name:12s} concordance {concordance(part.years, part.failed, rms):.3f}")
