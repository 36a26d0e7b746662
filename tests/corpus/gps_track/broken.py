# Dead-reckoning from phone sensors: speed, heading -> position relative to the start (in units of 100 m).
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, optimizers, callbacks

SEED = 21
np.random.seed(SEED)
tf.random.set_seed(SEED)

N_TRIPS, MAX_LEN, DT = 1600, 10, 3.0


def make_trips(n):
    x = np.zeros((n, MAX_LEN, 4), "float32")
    pos = np.zeros((n, MAX_LEN, 2), "float32")
    valid = np.zeros((n, MAX_LEN, 1), "float32")
    for i in range(n):
        length = np.random.randint(6, MAX_LEN + 1)
        heading = np.random.uniform(-np.pi, np.pi) + np.cumsum(np.random.normal(0, 0.25, length))
        speed = np.clip(9 + np.cumsum(np.random.normal(0, 1.0, length)), 3.0, 16.0)
        step = np.stack([speed * np.cos(heading), speed * np.sin(heading)], 1) * DT / 100.0
        x[i, :length, 0] = (speed - 9) / 3
        x[i, :length, 1] = np.cos(heading) + np.random.normal(0, 0.02, length)
        x[i, :length, 2] = np.sin(heading) + np.random.normal(0, 0.02, length)
        x[i, :length, 3] = np.random.normal(0, 1, length)          # barometer, no information
        pos[i, :length] = np.cumsum(step, 0)
        valid[i, :length] = 1
    return x, pos, valid


X, P, V = make_trips(N_TRIPS)
n_train = 1280
x_train, p_train, v_train = X[:n_train], P[:n_train], V[:n_train]
x_val, p_val, v_val = X[n_train:], P[n_train:], V[n_train:]

sensors = layers.Input((MAX_LEN, 4))
valid = layers.Input((MAX_LEN, 1))
h = layers.TimeDistributed(layers.Dense(32, activation="relu"))(sensors)
h = layers.GRU(32, return_sequences=True)(h)
h = layers.Dense(32, activation="relu")(h)
xy = layers.Dense(2)(h)
xy = layers.Multiply()([xy, valid])        # nothing after the end of the trip
model = models.Model([sensors, valid], xy)


def position_error(y_true, y_pred):
    lx = y_true[..., 0] - y_pred[..., 0]
    ly = y_true[..., 1] - y_pred[..., 1]
    return tf.reduce_mean(tf.sqrt(tf.square(lx) + tf.square(ly)), axis=-1)  # expect: loss-numerics


model.compile(optimizer=optimizers.Adam(6e-3, clipnorm=1.0), loss=position_error)
plateau = callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_lr=1e-4)
hist = model.fit([x_train, v_train], p_train, batch_size=40, epochs=10, verbose=2,
                 validation_data=([x_val, v_val], p_val), callbacks=[plateau])

pred = model.predict([x_val, v_val], verbose=0)
dist = 100 * np.sqrt(((pred - p_val) ** 2).sum(-1))[v_val[..., 0] > 0]
away = 100 * np.sqrt((p_val ** 2).sum(-1))[v_val[..., 0] > 0]
print("mean distance from start: %.1f m" % away.mean())
print("mean position error: %.1f m" % dist.mean())
