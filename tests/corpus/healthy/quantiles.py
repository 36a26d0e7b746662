# three quantiles with one net and the pinball loss, heteroscedastic data
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(3)
r = np.random.RandomState(3)
Q = tf.constant([[0.1, 0.5, 0.9]])


def draw(n):
    x = r.uniform(-2, 2, (n, 1))
    y = np.sin(2 * x) + (0.1 + 0.4 * (x > 0)) * r.randn(n, 1)
    return x.astype("float32"), y.astype("float32")


def pinball(y, q):
    e = y - q
    return tf.reduce_mean(tf.maximum(Q * e, (Q - 1.0) * e), axis=-1)


def coverage(y, q):
    return tf.cast((y[:, 0] >= q[:, 0]) & (y[:, 0] <= q[:, 2]), tf.float32)


x, y = draw(3000)
xt, yt = draw(1500)
model = keras.Sequential([keras.Input((1,)), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"), layers.Dense(3)])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss=pinball, metrics=[coverage])
model.fit(x, y, batch_size=64, epochs=20, validation_split=0.15, verbose=2)
p = model.predict(xt, verbose=0)
print("held-out coverage of the 10-90 band (wanted 0.80):", float(((yt >= p[:, :1]) & (yt <= p[:, 2:])).mean()))
print("median R2-like:", 1 - np.abs(yt - p[:, 1:2]).mean() / np.abs(yt - np.median(yt)).mean())
