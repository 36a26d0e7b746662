"""Preprocessing layers plus a small gated MLP."""
import keras
from keras import layers

from data import CATEGORICAL, NUMERIC, Tables


class GatedBlock(layers.Layer):
    """Residual block with a sigmoid gate, after gated residual networks for tabular data."""

    def __init__(self, units, dropout=0.0, **kw):
        super().__init__(**kw)
        self.hidden = layers.Dense(units, activation="elu")
        self.out = layers.Dense(units)
        self.gate = layers.Dense(units, activation="sigmoid")
        self.drop = layers.Dropout(dropout)
        self.norm = layers.LayerNormalization()

    def call(self, x, training=None):
        h = self.drop(self.out(self.hidden(x)), training=training)
        return self.norm(x + self.gate(x) * h)


def preprocessing(tables: Tables):
    scaler = layers.Normalization(name="scaler")  # expect-or: degenerate-feature
    scaler.adapt(tables.raw[NUMERIC].to_numpy("float32"))  # expect: input-scale
    lookups = {}
    for c in CATEGORICAL:
        lookups[c] = layers.StringLookup(vocabulary=sorted(tables.train[c].unique()), output_mode="one_hot", name=f"{c}_lookup")
    return scaler, lookups


def build(tables: Tables, units=32, blocks=2, dropout=0.1):
    scaler, lookups = preprocessing(tables)
    numeric = keras.Input((len(NUMERIC),), name="numeric")
    cats = {c: keras.Input((1,), dtype="string", name=c) for c in CATEGORICAL}
    parts = [scaler(numeric)] + [lookups[c](inp) for c, inp in cats.items()]
    x = layers.Dense(units)(layers.Concatenate()(parts))
    for i in range(blocks):
        x = GatedBlock(units, dropout, name=f"gated_{i}")(x)
    logit = layers.Dense(1, name="renewal_logit")(x)
    return keras.Model({"numeric": numeric, **cats}, logit, name="renewal")
