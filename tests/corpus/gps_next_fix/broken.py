# Next-position prediction for delivery vans from the last 8 GPS displacements.
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Input, LSTM, Dense
from tensorflow.keras.models import Model

np.random.seed(2020)
tf.keras.utils.set_random_seed(2020)

WINDOW = 8
N_VANS = 24
MINUTES = 160


def simulate_van(minutes):
    """x/y displacement (100 m) per minute; vans drive, turn and wait at customers."""
    heading = np.random.uniform(0, 2 * np.pi)
    speed = np.random.uniform(0.5, 1.5)
    waiting = 0
    steps = []
    for _ in range(minutes):
        if waiting > 0:
            waiting -= 1
            steps.append((0.0, 0.0))
            continue
        if np.random.rand() < 0.02:
            waiting = np.random.randint(10, 20)
        heading += 0.12 + 0.05 * np.random.randn()
        speed = np.clip(speed + 0.05 * np.random.randn(), 0.4, 1.6)
        steps.append((speed * np.cos(heading), speed * np.sin(heading)))
    return np.array(steps, dtype='float32')


def windows(track):
    xs, ys = [], []
    for i in range(len(track) - WINDOW):
        xs.append(track[i:i + WINDOW])
        ys.append(track[i + WINDOW])
    return xs, ys


X, Y = [], []
for _ in range(N_VANS):
    a, b = windows(simulate_van(MINUTES))
    X += a
    Y += b
X = np.array(X)
Y = np.array(Y)
idx = np.random.permutation(len(X))
X, Y = X[idx], Y[idx]
n_train = int(0.85 * len(X))
print('samples', X.shape, Y.shape)


def gps_distance(y_true, y_pred):
    lx = y_true[:, 0] - y_pred[:, 0]
    ly = y_true[:, 1] - y_pred[:, 1]
    return tf.reduce_mean(tf.sqrt(tf.square(lx) + tf.square(ly)))  # expect: loss-numerics


inp = Input(shape=(WINDOW, 2))
h = LSTM(32)(inp)
h = Dense(32, activation='relu')(h)
out = Dense(2)(h)
model = Model(inp, out)
model.compile(optimizer=tf.keras.optimizers.Adam(2e-3), loss=gps_distance)
model.summary()

hist = model.fit(X[:n_train], Y[:n_train],
                 validation_data=(X[n_train:], Y[n_train:]),
                 epochs=15, batch_size=64, verbose=2)

pred = model.predict(X[n_train:], verbose=0)
d = np.sqrt(((pred - Y[n_train:]) ** 2).sum(axis=1))
baseline = np.sqrt(((X[n_train:, -1] - Y[n_train:]) ** 2).sum(axis=1))
print('mean distance error   %.3f (x100 m)' % d.mean())
print('repeat-last-step error %.3f (x100 m)' % baseline.mean())
