"""Which regime is a noisy process in? Long records cut into consecutive pieces; a stateful GRU
carries its memory from piece to piece, so the batches must stay in order (shuffle=False)."""
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(27)
STREAMS, PIECE = 32, 25
STAY = np.array([[.97, .03, .0], [.0, .97, .03], [.03, .0, .97]])
MEAN, SD = np.array([-1., 0., 1.]), 1.1


def record(length, seed):
    g = np.random.default_rng(seed)
    z = np.zeros((STREAMS, length), int)
    z[:, 0] = g.integers(0, 3, STREAMS)
    for t in range(1, length):
        z[:, t] = (g.random((STREAMS, 1)) > STAY[z[:, t - 1]].cumsum(1)).sum(1)
    return MEAN[z] + SD * g.normal(size=z.shape), z


def to_batches(a):
    """(streams, time) -> rows so that batch k holds piece k of every stream."""
    pieces = a.reshape(STREAMS, -1, PIECE).transpose(1, 0, 2)
    return pieces.reshape(-1, PIECE)


def bayes_filter(x):
    """The optimal answer, knowing the process."""
    p = np.full((STREAMS, 3), 1 / 3)
    out = []
    for t in range(x.shape[1]):
        p = (p @ STAY) * np.exp(-.5 * ((x[:, t:t + 1] - MEAN) / SD) ** 2)
        p /= p.sum(1, keepdims=True)
        out.append(p.argmax(1))
    return np.stack(out, 1)


x_train, z_train = record(1000, 1)
x_val, z_val = record(500, 2)
x_test, z_test = record(1000, 3)
as_x = lambda a: to_batches(a)[..., None].astype("float32")

model = keras.Sequential([
    keras.Input(batch_shape=(STREAMS, PIECE, 1)),
    layers.GRU(16, return_sequences=True, stateful=True, name="memory"),
    layers.Dense(3, activation="softmax"),
])


class FreshMemory(keras.callbacks.Callback):
    """Nothing may carry over between epochs or between the training and validation records."""
    def on_epoch_begin(self, epoch, logs=None):
        self.model.get_layer("memory").reset_state()

    def on_test_begin(self, logs=None):
        self.model.get_layer("memory").reset_state()

    def on_predict_begin(self, logs=None):
        self.model.get_layer("memory").reset_state()


model.compile(keras.optimizers.Adam(5e-3, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(as_x(x_train), to_batches(z_train), validation_data=(as_x(x_val), to_batches(z_val)),
          batch_size=STREAMS, epochs=12, shuffle=False, callbacks=[FreshMemory()], verbose=2)

pred = model.predict(as_x(x_test), batch_size=STREAMS, callbacks=[FreshMemory()], verbose=0).argmax(-1)
print("without memory  %.3f" % np.mean(np.abs(x_test[..., None] - MEAN).argmin(-1) == z_test))
print("optimal filter  %.3f" % np.mean(bayes_filter(x_test) == z_test))
print("stateful GRU    %.3f" % np.mean(pred == to_batches(z_test)))
