import keras
from keras import ops


@keras.saving.register_keras_serializable("kiosk")
class ResidualMLP(keras.layers.Layer):
    def __init__(self, width, dropout=0.1, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.expand = keras.layers.Dense(2 * width, activation="silu")
        self.project = keras.layers.Dense(width)
        self.drop = keras.layers.Dropout(dropout)
        self.norm = keras.layers.BatchNormalization(momentum=0.9)

    def build(self, shape):
        self.expand.build(shape)
        self.project.build(tuple(shape[:-1]) + (2 * self.width,))
        self.norm.build(tuple(shape[:-1]) + (self.width,))
        self.built = True

    def call(self, x, training=None):
        h = self.project(self.expand(x))
        h = self.drop(h, training=training)
        return self.norm(ops.add(x, h), training=True)  # expect: train-mode

    def get_config(self):
        return {**super().get_config(), "width": self.width, "dropout": self.drop.rate}
