"""Mixture density network on the classic inverse problem x = t + 0.3 sin(2 pi t) + noise."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(5)
gen = np.random.default_rng(5)
K = 4


def sample(n):
    t = gen.uniform(0, 1, (n, 1))
    x = t + 0.3 * np.sin(2 * np.pi * t) + gen.uniform(-0.08, 0.08, (n, 1))
    return x.astype("float32"), t.astype("float32")


x_tr, t_tr = sample(5000)
x_va, t_va = sample(1000)


def nll(t, params):
    logit_pi, mu, raw = tf.split(params, 3, axis=-1)
    sigma = tf.nn.softplus(raw) + 1e-2
    logp = -0.5 * tf.square((t - mu) / sigma) - tf.math.log(sigma) - 0.5 * np.log(2 * np.pi).astype("float32")
    return -tf.reduce_logsumexp(tf.nn.log_softmax(logit_pi) + logp, axis=-1)


inp = keras.Input((1,))
h = keras.layers.Dense(32, activation="tanh")(inp)
h = keras.layers.Dense(32, activation="tanh")(h)
mdn = keras.Model(inp, keras.layers.Dense(3 * K)(h))
mdn.compile(keras.optimizers.Adam(4e-3), loss=nll)
mdn.fit(x_tr, t_tr, validation_data=(x_va, t_va), epochs=35, batch_size=100, verbose=2)

gauss = 0.5 * np.log(2 * np.pi * np.e * t_va.var())
print("nll mixture %.3f   single gaussian without x %.3f" % (mdn.evaluate(x_va, t_va, verbose=0), gauss))
