from __future__ import print_function
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_friedman1
from sklearn.preprocessing import StandardScaler

# Predicting the yield of the reactor from 10 sensor readings
np.random.seed(1)
tf.keras.utils.set_random_seed(1)

sensors, yield_ = make_friedman1(n_samples=2400, n_features=10, noise=0.6, random_state=5)
ntr = 2000

xs = StandardScaler().fit(sensors[:ntr])
ys = StandardScaler().fit(yield_[:ntr].reshape(-1, 1))

x_train = xs.transform(sensors[:ntr])
x_test = xs.transform(sensors[ntr:])
y_train = ys.transform(yield_[:ntr].reshape(-1, 1))
y_test = ys.transform(yield_[ntr:].reshape(-1, 1))

print("train:", x_train.shape, y_train.shape, " test:", x_test.shape, y_test.shape)

def build():
    m = tf.keras.models.Sequential()
    m.add(tf.keras.Input(shape=(10,)))
    m.add(tf.keras.layers.Dense(32, activation="relu", kernel_initializer="he_uniform"))
    m.add(tf.keras.layers.Dense(16, activation="relu", kernel_initializer="he_uniform"))
    m.add(tf.keras.layers.Dense(1))  # expect-or: loss-wrong
    m.compile(loss="binary_crossentropy", optimizer="adam", metrics=["mse"])  # expect: loss-wrong
    return m

m = build()
m.summary()
hist = m.fit(x_train, y_train, validation_split=0.1, epochs=40, batch_size=32, verbose=2)

pred = m.predict(x_test, verbose=0)
print(np.hstack([ys.inverse_transform(pred), ys.inverse_transform(y_test)])[:10])
ss = 1 - np.sum((pred - y_test) ** 2) / np.sum((y_test - y_test.mean()) ** 2)
print("R2 on the test rows", ss)
