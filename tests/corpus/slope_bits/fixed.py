# Slope annealing for near-binary units (after Chung, Ahn & Bengio, 2016, section 3.3):
# the gate is sigmoid(slope * a); slope starts at 1 and is raised as training goes on,
# so that the code becomes almost a bit string. Twelve bits per garment, then a classifier.
import numpy as np
import tensorflow as tf
from tensorflow.keras import callbacks, datasets, layers, models, optimizers, utils

utils.set_random_seed(2016)

N_BITS = 12
GROWTH = 1.06


class SlopeGate(layers.Layer):
    """sigmoid(slope * a), slope shared by all units and set from outside"""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.slope = self.add_weight(name="slope", shape=(), initializer="ones", trainable=False)

    def call(self, a):
        return tf.sigmoid(self.slope * a)


class RaiseSlope(callbacks.Callback):
    def __init__(self, gates, factor):
        super().__init__()
        self.gates = gates
        self.factor = factor

    def on_epoch_end(self, index, logs=None):
        for gate in self.gates:
            gate.slope.assign(gate.slope * self.factor)


(xa, ya), (xb, yb) = datasets.fashion_mnist.load_data()
xa = (xa.reshape(-1, 784) / 255.0 - 0.286) / 0.353
xb = (xb.reshape(-1, 784) / 255.0 - 0.286) / 0.353
xa, xb = xa[:2000].astype("float32"), xb[:500].astype("float32")
ya, yb = ya[:2000].astype("int64"), yb[:500].astype("int64")

gate_hidden, gate_code = SlopeGate(name="gate_hidden"), SlopeGate(name="gate_code")
encoder = models.Sequential([
    layers.Input((784,)),
    layers.Dense(64, name="to_hidden"),
    gate_hidden,
    layers.Dense(N_BITS, name="to_code"),
    gate_code,
], name="encoder")
reader = models.Sequential([
    layers.Input((N_BITS,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(10),
], name="reader")
full = models.Sequential([encoder, reader])

full.compile(optimizer=optimizers.Adam(2e-3),
             loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
             metrics=["accuracy"])
raiser = RaiseSlope([gate_hidden, gate_code], GROWTH)
full.fit(xa, ya, batch_size=50, epochs=15, verbose=2,
         validation_data=(xb, yb), callbacks=[raiser])

codes = encoder.predict(xb, verbose=0)
print("share of near-binary code units: %.3f" % np.mean((codes < 0.1) | (codes > 0.9)))
print("test accuracy from %d bits: %.3f" % (N_BITS, full.evaluate(xb, yb, verbose=0)[1]))
