"""Heteroscedastic regression: the network predicts a mean and a standard deviation.

The targets are a small physical quantity (metres, spread of a few centimetres), so the
density is large and its negative logarithm is below zero.
"""
import math

import numpy as np
import tensorflow as tf

tf.random.set_seed(2)
rng = np.random.default_rng(2)


def make(n):
    x = rng.uniform(-3, 3, size=(n, 1))
    sigma = 0.01 + 0.04 / (1 + np.exp(-2 * x))
    y = 0.4 * np.sin(1.5 * x) + sigma * rng.normal(size=x.shape)
    return x.astype(np.float32), y.astype(np.float32), sigma


x_train, y_train, _ = make(2000)
x_test, y_test, s_test = make(500)


class MeanAndSpread(tf.Module):
    def __init__(self, hidden=48):
        super().__init__()
        he = tf.keras.initializers.HeNormal(seed=2)
        self.w = [tf.Variable(he([1, hidden])), tf.Variable(he([hidden, hidden])),
                  tf.Variable(0.1 * he([hidden, 2]))]
        self.b = [tf.Variable(tf.random.uniform([hidden], -1, 1)), tf.Variable(tf.zeros([hidden])),
                  tf.Variable([0.0, -1.0])]

    def __call__(self, x):
        h = tf.nn.relu(x @ self.w[0] + self.b[0])
        h = tf.nn.relu(h @ self.w[1] + self.b[1])
        mu, log_sigma = tf.split(h @ self.w[2] + self.b[2], 2, axis=1)
        return mu, log_sigma


def nll(y, mu, log_sigma):
    z = (y - mu) * tf.exp(-log_sigma)
    return tf.reduce_mean(0.5 * z * z + log_sigma + 0.5 * math.log(2 * math.pi))


model = MeanAndSpread()
schedule = tf.keras.optimizers.schedules.CosineDecay(3e-3, 2500)
adam = tf.keras.optimizers.Adam(schedule, clipnorm=5.0)
data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000).batch(100).repeat()


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = nll(y, *model(x))
    variables = model.trainable_variables
    adam.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


for i, (x, y) in enumerate(data.take(2500)):
    loss = step(x, y)
    if i % 250 == 0:
        print(f"{i:5d}  nll {float(loss):+.3f}")

mu, log_sigma = model(tf.constant(x_test))
test_nll = float(nll(y_test, mu, log_sigma))
constant = float(nll(y_test, y_train.mean(), math.log(float(y_train.std()))))
best = float(np.mean(np.log(s_test)) + 0.5 + 0.5 * math.log(2 * math.pi))
print(f"test nll {test_nll:+.3f}; one Gaussian for all {constant:+.3f}; true density {best:+.3f}")
print(f"rmse {float(tf.sqrt(tf.reduce_mean((mu - y_test) ** 2))):.4f} of {y_test.std():.4f}, "
      f"correlation of sigma {np.corrcoef(np.exp(log_sigma[:, 0]), s_test[:, 0])[0, 1]:.3f}")
