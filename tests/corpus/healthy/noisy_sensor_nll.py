# mean and variance of a sensor as functions of the input, Gaussian NLL; the loss goes below zero
import numpy as np
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(99)
r = np.random.default_rng(99)
x = r.uniform(-3, 3, (3000, 2)).astype("float32")
mean = np.sin(1.5 * x[:, 0]) * 0.6 + 0.2 * x[:, 1]
std = 0.03 + 0.12 / (1 + np.exp(-2 * x[:, 1]))
y = (mean + std * r.normal(size=3000)).astype("float32")[:, None]
xs = x / np.float32(np.sqrt(3))


def nll(target, pars):
    mu, raw = pars[..., :1], pars[..., 1:]
    logvar = tf.clip_by_value(raw, -9.0, 5.0)
    return tf.reduce_mean(0.5 * (logvar + tf.square(target - mu) * tf.exp(-logvar)), -1)


net = keras.Sequential([
    keras.layers.Input((2,)),
    keras.layers.Dense(50, activation="tanh"),
    keras.layers.Dense(50, activation="tanh"),
    keras.layers.Dense(2),
])
sched = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=25 * 47, alpha=0.02)
net.compile(keras.optimizers.Adam(sched, clipnorm=5.0), loss=nll)
h = net.fit(xs[:2400], y[:2400], batch_size=51, epochs=25, verbose=0, validation_data=(xs[2400:], y[2400:]))
for e in (0, 1, 4, 9, 24):
    print(e + 1, round(h.history["loss"][e], 4), round(h.history["val_loss"][e], 4))

p = net.predict(xs[2400:], verbose=0)
s = np.exp(0.5 * p[:, 1])
print("corr(std predicted, std true) = %.3f" % np.corrcoef(s, std[2400:])[0, 1])
const = 0.5 * (np.log(y[:2400].var()) + ((y[2400:] - y[:2400].mean()) ** 2).mean() / y[:2400].var())
true = 0.5 * (np.log(std[2400:] ** 2) + ((y[2400:, 0] - mean[2400:]) / std[2400:]) ** 2).mean()
print("constant Gaussian %.4f, the generating one %.4f" % (const, true))
