"""Two questions about a flat: what rent, and will it be let within a month?"""
import os

import keras
import numpy as np
import pandas as pd
from keras import layers, ops

keras.utils.set_random_seed(55)


class Pinball(keras.losses.Loss):
    """Quantile loss, smoothed around zero."""

    def __init__(self, q=0.5, width=0.1, **kw):
        super().__init__(**kw)
        self.q, self.width = q, width

    def call(self, y_true, y_pred):
        d = y_true - y_pred
        return ops.mean(self.q * d + self.width * ops.softplus(-d / self.width), axis=-1)


def load():
    flats = pd.read_csv(os.path.join(os.path.dirname(os.path.abspath(__file__)), "flats.csv"))
    flats["energy"] = flats["energy"].map({letter: i for i, letter in enumerate("ABCDEFG")})
    rent = flats.pop("rent_eur").to_numpy("float32")[:, None]
    quick = flats.pop("let_within_30d").to_numpy("float32")[:, None]
    return flats.to_numpy("float32"), rent, quick


def build(n_features):
    inp = keras.Input((n_features,), name="flat")
    h = layers.Dense(64, activation="relu")(inp)
    h = layers.Dense(64, activation="relu")(h)

    r = layers.Dense(32, activation="relu")(h)
    rent = layers.Dense(1, activation="sigmoid", name="rent")(r)  # expect: output-activation

    q = layers.Dense(16, activation="relu")(h)
    quick = layers.Dense(1, activation="sigmoid", name="quick")(q)
    return keras.Model(inp, {"rent": rent, "quick": quick})  # expect-or: output-activation


x, rent, quick = load()
rng = np.random.default_rng(0)
perm = rng.permutation(len(x))
train, val, test = perm[:1100], perm[1100:1300], perm[1300:]

x = (x - x[train].mean(0)) / x[train].std(0)
centre, spread = rent[train].mean(), rent[train].std()
rent_z = (rent - centre) / spread
print(f"rent {centre:.0f} +- {spread:.0f} EUR, let quickly {quick.mean():.0%}")


def targets(rows):
    return {"rent": rent_z[rows], "quick": quick[rows]}


model = build(x.shape[1])
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss={"rent": Pinball(0.5), "quick": "binary_crossentropy"},
    loss_weights={"rent": 4.0, "quick": 1.0},
    metrics={"rent": ["mae"], "quick": ["accuracy"]},
)
stopper = keras.callbacks.EarlyStopping("val_loss", patience=6, restore_best_weights=True)
model.fit(x[train], targets(train), batch_size=32, epochs=40, verbose=2,
          validation_data=(x[val], targets(val)), callbacks=[stopper])

answer = model.predict(x[test], verbose=0)
euro = answer["rent"] * spread + centre
r2 = 1 - np.sum((rent[test] - euro) ** 2) / np.sum((rent[test] - rent[test].mean()) ** 2)
print(f"rent:  MAE {np.abs(euro - rent[test]).mean():.0f} EUR, R2 {r2:.3f}")
print(f"quick: accuracy {np.mean((answer['quick'] > 0.5) == (quick[test] > 0.5)):.3f}")
