import numpy as np
import tensorflow as tf

rng = np.random.default_rng(14)
tf.random.set_seed(14)

GAIN = 200.0  # expect-or: saturation


def squash(z):
    """Nearly a step function between -1 and 1."""
    return tf.tanh(GAIN * z)  # expect: saturation


x = rng.normal(size=(2000, 6)).astype("float32")
y = (np.sin(x[:, 0] * 2) + x[:, 1] * x[:, 2]).astype("float32")
y = ((y - y.mean()) / y.std())[:, None]

widths = [6, 16, 16, 16]
kernels = [tf.Variable(tf.random.normal([i, o], stddev=i**-0.5)) for i, o in zip(widths, widths[1:])]
offsets = [tf.Variable(tf.zeros([o])) for o in widths[1:]]
readout = tf.Variable(tf.random.normal([16, 1], stddev=0.2))
trainable = kernels + offsets + [readout]


def f(h):
    for k, c in zip(kernels, offsets):
        h = squash(h @ k + c)
    return h @ readout


@tf.function
def train_step(xb, yb):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((f(xb) - yb) ** 2)
    for v, g in zip(trainable, tape.gradient(loss, trainable)):
        v.assign_sub(0.05 * g)
    return loss


for step in range(3000):
    idx = rng.integers(0, 1600, 64)
    loss = train_step(x[idx], y[idx])
    if step % 300 == 0:
        print(step, float(loss))
print("test mse", float(tf.reduce_mean((f(x[1600:]) - y[1600:]) ** 2)), "of", y[1600:].var())
