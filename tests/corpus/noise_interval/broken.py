# -*- coding: utf-8 -*-
# Exercise 9: heteroscedastic regression. Predict the mean AND the noise of the reading.
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model

np.random.seed(2)
tf.random.set_seed(2)

# --- data -------------------------------------------------------------------
n = 2000
u = np.random.uniform(-3, 3, size=(n, 1))
v = np.random.uniform(-1, 1, size=(n, 1))
noise = 0.05 + 0.25 * (u > 0)
reading = 40 + 12 * np.sin(1.3 * u) + 5 * v + 8 * noise * np.random.randn(n, 1)
X = np.hstack([u / 3, v]).astype("float32")
y_mean, y_std = reading[:1500].mean(), reading[:1500].std()
y = ((reading - y_mean) / y_std).astype("float32")
X_train, y_train, X_test, y_test = X[:1500], y[:1500], X[1500:], y[1500:]

# --- network with two heads -------------------------------------------------
inputs = layers.Input(shape=(2,))
h = layers.Dense(64, activation="tanh")(inputs)
h = layers.Dense(64, activation="tanh")(h)
mu = layers.Dense(1, activation="softplus", name="mu")(h)  # expect: output-activation
sigma = layers.Dense(1, activation="softplus", name="sigma")(h)
both = layers.Concatenate()([mu, sigma])
net = Model(inputs, both)


def gaussian_nll(target, out):
    m, s = out[:, :1], out[:, 1:] + 1e-2
    return tf.reduce_mean(tf.math.log(s) + 0.5 * tf.square((target - m) / s))


net.compile(optimizer=tf.keras.optimizers.Adam(0.004), loss=gaussian_nll)
hist = net.fit(X_train, y_train, epochs=30, batch_size=50, validation_data=(X_test, y_test), verbose=0)
print("NLL after 1, 10, 30 epochs:", [round(hist.history["val_loss"][i], 3) for i in (0, 9, 29)])

# --- back to the units of the instrument ------------------------------------
out = net.predict(X_test, verbose=0)
m = out[:, 0] * y_std + y_mean
s = out[:, 1] * y_std
truth = y_test[:, 0] * y_std + y_mean
print("RMSE: %.2f   (spread of the readings %.2f)" % (np.sqrt(np.mean((m - truth) ** 2)), truth.std()))
print("R2:   %.3f" % (1 - np.mean((m - truth) ** 2) / truth.var()))
print("mean predicted sigma, left and right half: %.2f %.2f" % (
    s[X_test[:, 0] < 0].mean(), s[X_test[:, 0] >= 0].mean()))
