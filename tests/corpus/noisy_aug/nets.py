import keras
from keras import layers


class ConvBlock(layers.Layer):
    def __init__(self, channels, **kw):
        super().__init__(**kw)
        self.conv = layers.Conv2D(channels, 3, padding="same", activation="relu")
        self.pool = layers.MaxPooling2D(2)

    def call(self, x):
        return self.pool(self.conv(x))


def build(channels, dense, n_classes=10):
    return keras.Sequential(
        [keras.Input((8, 8, 1))]
        + [ConvBlock(c) for c in channels]
        + [layers.Flatten(), layers.Dense(dense, activation="relu"), layers.Dense(n_classes)]
    )
