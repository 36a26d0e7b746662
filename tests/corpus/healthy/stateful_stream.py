# Stateful GRU over long parallel streams; truncated back-propagation, state kept from chunk to chunk.
import numpy as np
from tensorflow import keras

keras.utils.set_random_seed(29)
rng = np.random.default_rng(29)
STREAMS, LENGTH, CHUNK = 32, 600, 20


def streams():
    # leaky integrator of sparse pulses; channel 1 empties it
    x = np.zeros((STREAMS, LENGTH, 2), "float32")
    x[..., 0] = rng.normal(0, 1, (STREAMS, LENGTH)) * (rng.random((STREAMS, LENGTH)) < 0.3)
    x[..., 1] = rng.random((STREAMS, LENGTH)) < 0.02
    s = np.zeros(STREAMS)
    y = np.zeros((STREAMS, LENGTH, 1), "float32")
    for t in range(LENGTH):
        s = np.where(x[:, t, 1] > 0, 0.0, 0.95 * s + 0.4 * x[:, t, 0])
        y[:, t, 0] = s
    return x, y


xa, ya = streams()
xb, yb = streams()
net = keras.Sequential([
    keras.Input(batch_shape=(STREAMS, CHUNK, 2)),
    keras.layers.GRU(32, return_sequences=True, stateful=True, name="memory"),
    keras.layers.Dense(1),
])
net.compile(optimizer=keras.optimizers.Adam(1e-2, clipnorm=0.5), loss="mse")
memory = net.get_layer("memory")


def sweep(x, y, train):
    memory.reset_state()
    out = []
    for s in range(0, LENGTH, CHUNK):
        a, b = x[:, s:s + CHUNK], y[:, s:s + CHUNK]
        if train:
            net.reset_metrics()
            out.append(net.train_on_batch(a, b))
        else:
            out.append(np.mean((net.predict_on_batch(a) - b) ** 2))
    return float(np.mean(out))


for epoch in range(1, 41):
    tr = sweep(xa, ya, True)
    if epoch % 8 == 0 or epoch == 1:
        print("sweep %d  train mse %.4f  new streams %.4f" % (epoch, tr, sweep(xb, yb, False)))
    if epoch == 30:
        net.optimizer.learning_rate.assign(2e-3)
print("variance of the target %.4f" % yb.var())
