# inverse problem, several y for one x: mixture density network, the loss becomes negative
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(2)
r = np.random.RandomState(2)
K = 5


def draw(n):
    y = r.uniform(-1, 1, (n, 1))
    x = y + 0.3 * np.sin(2 * np.pi * y) + 0.02 * r.randn(n, 1)
    return x.astype("float32"), y.astype("float32")


x_tr, y_tr = draw(3000)
x_te, y_te = draw(800)


def nll(y, out):
    logit, mu, log_s = tf.split(out, 3, axis=-1)
    log_s = tf.clip_by_value(log_s, -5.0, 3.0)
    comp = -0.5 * tf.square((y - mu) / tf.exp(log_s)) - log_s - 0.5 * np.log(2 * np.pi)
    return -tf.reduce_logsumexp(tf.nn.log_softmax(logit) + comp, axis=-1)


model = keras.Sequential([keras.Input((1,)), layers.Dense(48, activation="tanh"), layers.Dense(48, activation="tanh"), layers.Dense(3 * K)])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss=nll)
model.fit(x_tr, y_tr, validation_data=(x_te, y_te), batch_size=64, epochs=25, verbose=2)

single = np.polyval(np.polyfit(x_tr[:, 0], y_tr[:, 0], 5), x_te[:, 0]) - y_te[:, 0]
print("NLL of one gaussian around a polynomial:", float(0.5 * np.log(2 * np.pi * np.e * single.var())))
print("held-out NLL of the mixture:", model.evaluate(x_te, y_te, verbose=0))
