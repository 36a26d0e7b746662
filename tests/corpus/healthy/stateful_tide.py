"""Tide gauge: consecutive chunks in time order through a stateful GRU."""
import numpy as np
import keras
from keras import layers

LANES, CHUNK = 16, 20


def lanes(n_chunks, rng):
    t = np.arange(n_chunks * CHUNK + 1)
    phase = rng.uniform(0, 6, (LANES, 1))
    v = np.sin(2 * np.pi * t / 25 + phase) + 0.5 * np.sin(2 * np.pi * t / 60 + 2 * phase)
    v = (v + rng.normal(0, 0.05, v.shape)).astype("float32")
    x = v[:, :-1].reshape(LANES, n_chunks, CHUNK, 1).transpose(1, 0, 2, 3).reshape(-1, CHUNK, 1)
    y = v[:, 1:].reshape(LANES, n_chunks, CHUNK, 1).transpose(1, 0, 2, 3).reshape(-1, CHUNK, 1)
    return x, y


class Rewind(keras.callbacks.Callback):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def on_epoch_begin(self, epoch, logs=None):
        self.layer.reset_state()


def main():
    keras.utils.set_random_seed(20)
    x, y = lanes(40, np.random.default_rng(20))
    cut = 30 * LANES
    memory = layers.GRU(24, return_sequences=True, stateful=True)
    model = keras.Sequential([
        keras.Input((CHUNK, 1), batch_size=LANES),
        memory,
        layers.Dense(1),
    ])
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="mse")
    model.fit(x[:cut], y[:cut], batch_size=LANES, epochs=14, shuffle=False, callbacks=[Rewind(memory)], verbose=2)
    pred = model.predict(x[cut:], batch_size=LANES, verbose=0)
    print("later chunks R2 %.3f" % (1 - np.mean((pred - y[cut:]) ** 2) / np.var(y[cut:])))


if __name__ == "__main__":
    main()
