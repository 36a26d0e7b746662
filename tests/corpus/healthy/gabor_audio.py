"""Which tone pattern is in the clip? A fixed Gabor filterbank (never trained) in front of
a small classifier, as in classical speech front ends."""
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(61)
SR, N = 2000, 1000
KINDS = ["rising", "falling", "steady", "warble"]


def clips(n, g):
    t = np.arange(N) / SR
    y = g.integers(0, len(KINDS), n)
    f0 = g.uniform(250, 550, (n, 1))
    u = t[None] / t[-1]
    ramp = g.uniform(1.25, 1.5, (n, 1))
    shape = np.stack([1 + (ramp - 1) * u, ramp - (ramp - 1) * u, np.ones((n, 1)) * np.ones_like(u),
                      1 + .25 * np.sin(2 * np.pi * g.uniform(3, 6, (n, 1)) * u)])
    freq = f0 * shape[y, np.arange(n)]
    wave = np.sin(2 * np.pi * np.cumsum(freq, 1) / SR + g.uniform(0, 6.28, (n, 1)))
    wave = wave * g.uniform(.3, 1.5, (n, 1)) + g.normal(0, .25, (n, N))
    return wave[..., None].astype("float32"), y


g = np.random.default_rng(77)
x_train, y_train = clips(1600, g)
x_val, y_val = clips(400, g)
x_test, y_test = clips(600, g)


def gabor_bank(n_filters=24, length=65):
    t = (np.arange(length) - length // 2) / SR
    bank = np.zeros((length, 1, 2 * n_filters), "float32")
    for i, f in enumerate(np.geomspace(200, 880, n_filters)):
        window = np.exp(-.5 * (t * f / 4) ** 2)
        window /= window.sum()
        bank[:, 0, 2 * i], bank[:, 0, 2 * i + 1] = window * np.cos(2 * np.pi * f * t), window * np.sin(2 * np.pi * f * t)
    return bank


bank = gabor_bank()
frontend = layers.Conv1D(bank.shape[2], bank.shape[0], strides=10, use_bias=False, trainable=False, name="filterbank")


class LogEnergy(layers.Layer):
    def call(self, z):
        re, im = z[..., 0::2], z[..., 1::2]
        return ops.log(re ** 2 + im ** 2 + 1e-3)


inp = keras.Input((N, 1))
s = LogEnergy()(frontend(inp))
s = layers.BatchNormalization()(s)
s = layers.AveragePooling1D(4)(s)
s = layers.Conv1D(24, 5, activation="relu")(s)
s = layers.Conv1D(24, 5, activation="relu")(s)
s = layers.Flatten()(s)
s = layers.Dropout(.4)(s)
model = keras.Model(inp, layers.Dense(len(KINDS), activation="softmax")(s))
frontend.set_weights([bank])

model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=12, batch_size=32, verbose=2)
assert np.array_equal(frontend.get_weights()[0], bank)
print("test accuracy %.3f" % model.evaluate(x_test, y_test, verbose=0)[1])
