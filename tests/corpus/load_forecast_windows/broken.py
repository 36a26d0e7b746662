"""One-step-ahead forecast for 48 electricity meters, windows drawn by a generator."""
import numpy as np
import keras
from keras import layers

WINDOW = 24
BATCH = 32
EPOCHS = 12
LEARNING_RATE = 1e-3

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)


def simulate_meters(n_meters, hours):
    t = np.arange(hours)
    phase = rng.uniform(0, 2 * np.pi, (n_meters, 1))
    level = rng.uniform(0.5, 1.5, (n_meters, 1))
    daily = np.sin(2 * np.pi * t / 24 + phase)
    half = 0.5 * np.sin(4 * np.pi * t / 24 + 2 * phase)
    return (level * (daily + half) + 0.1 * rng.normal(size=(n_meters, hours))).astype("float32")


def cut_windows(series):
    xs, ys = [], []
    for row in series:
        for s in range(0, len(row) - WINDOW, 4):
            xs.append(row[s:s + WINDOW])
            ys.append(row[s + WINDOW])
    return np.array(xs)[..., None], np.array(ys)[:, None]


def batches(x, y):
    while True:
        order = rng.permutation(len(x))
        for s in range(0, len(x) - BATCH + 1, BATCH):
            pick = order[s:s + BATCH]
            yield x[pick], y[pick]


meters = simulate_meters(48, 24 * 14)
x_train, y_train = cut_windows(meters[:, :24 * 11])
x_val, y_val = cut_windows(meters[:, 24 * 11:])
print("train windows", x_train.shape, "val windows", x_val.shape, "val variance", y_val.var().round(3))

model = keras.Sequential([
    keras.Input((WINDOW, 1)),
    layers.LSTM(32),
    layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss="mse")
model.fit(
    batches(x_train, y_train),
    steps_per_epoch=len(meters) // BATCH,  # expect: too-few-steps
    epochs=EPOCHS,
    validation_data=(x_val, y_val),
    verbose=2,
)
mse = model.evaluate(x_val, y_val, verbose=0)
print("val R2 %.3f" % (1 - mse / y_val.var()))
