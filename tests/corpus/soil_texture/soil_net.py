import keras
from keras import layers


class BandMixer(layers.Layer):
    """Dense mixing of the bands with a skip connection."""

    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units
        self.mix = layers.Dense(units, activation="gelu")
        self.skip = layers.Dense(units)

    def build(self, shape):
        self.mix.build(shape)
        self.skip.build(shape)
        self.built = True

    def call(self, x):
        return self.mix(x) + self.skip(x)


def build_net(norm, n_bands, n_classes, width=32):
    inp = keras.Input((n_bands,), name="bands")
    h = norm(inp)
    h = BandMixer(width)(h)
    h = BandMixer(width)(h)
    out = layers.Dense(n_classes, activation="softmax", name="texture")(h)
    return keras.Model(inp, out)
