"""Assay-style table: 6 regression outputs, most of them not measured for a given compound."""
import numpy as np
import tensorflow as tf
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(12)
tf.keras.utils.set_random_seed(12)

N, N_FEATURES, N_TASKS = 1500, 12, 6
MISSING = 0.6


def make_table():
    X = rng.normal(size=(N, N_FEATURES)) * rng.uniform(0.5, 20, N_FEATURES)
    Z = X / X.std(axis=0)
    hidden = np.tanh(Z @ rng.normal(size=(N_FEATURES, 5)) * 0.5)
    Y = hidden @ rng.normal(size=(5, N_TASKS)) + 0.1 * rng.normal(size=(N, N_TASKS))
    Y[rng.random(Y.shape) < MISSING] = np.nan
    return X, Y


def mse_nan(y_true, y_pred):
    """mean squared error over the measured entries"""
    measured = tf.logical_not(tf.math.is_nan(y_true))
    filled = tf.where(measured, y_true, tf.zeros_like(y_true))
    err = tf.square(filled - y_pred) * tf.cast(measured, y_pred.dtype)
    return tf.reduce_sum(err) / tf.maximum(tf.reduce_sum(tf.cast(measured, y_pred.dtype)), 1.0)


X, Y = make_table()
print("table: %d rows, measured share per output: %s" % (N, np.round(1 - np.isnan(Y).mean(axis=0), 2)))
tr, te = slice(0, 1200), slice(1200, None)
sx = StandardScaler().fit(X[tr])
mu, sd = np.nanmean(Y[tr], axis=0), np.nanstd(Y[tr], axis=0)
Xs, Ys = sx.transform(X).astype("float32"), ((Y - mu) / sd).astype("float32")

inp = tf.keras.Input((N_FEATURES,))
h = tf.keras.layers.Dense(48, activation="relu")(inp)
h = tf.keras.layers.Dense(48, activation="relu")(h)
model = tf.keras.Model(inp, tf.keras.layers.Dense(N_TASKS)(h))
model.compile(optimizer=tf.keras.optimizers.Adam(2e-3), loss=mse_nan)
model.fit(Xs[tr], Ys[tr], validation_data=(Xs[te], Ys[te]), epochs=30, batch_size=32, verbose=2)

pred = model.predict(Xs[te], verbose=0)
for t in range(N_TASKS):
    ok = ~np.isnan(Ys[te][:, t])
    y, p = Ys[te][ok, t], pred[ok, t]
    print("output %d: n=%3d  r2=%.3f" % (t, ok.sum(), 1 - np.mean((y - p) ** 2) / y.var()))
