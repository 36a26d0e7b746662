"""Mixture density network for the inverse of a hysteretic actuator curve."""
import math

import numpy as np
import tensorflow as tf

COMPONENTS = 5
STEPS = 1500
BATCH = 128


def make_curve(n, seed):
    rng = np.random.default_rng(seed)
    travel = rng.uniform(-1.0, 1.0, (n, 1))
    force = travel + 0.45 * np.sin(2 * np.pi * travel) + rng.normal(0, 0.04, (n, 1))
    return force.astype("float32"), travel.astype("float32")


class Dense(tf.Module):
    def __init__(self, n_in, n_out, name=None):
        super().__init__(name=name)
        bound = math.sqrt(6.0 / (n_in + n_out))
        self.w = tf.Variable(tf.random.uniform([n_in, n_out], -bound, bound), name="w")
        self.b = tf.Variable(tf.zeros([n_out]), name="b")

    def __call__(self, x):
        return x @ self.w + self.b


class MixtureNet(tf.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.first = Dense(1, hidden)
        self.second = Dense(hidden, hidden)
        self.head = Dense(hidden, 3 * COMPONENTS)

    def __call__(self, x):
        h = tf.tanh(self.first(3.0 * x))
        h = tf.tanh(self.second(h))
        logits, mean, log_scale = tf.split(self.head(h), 3, axis=-1)
        return tf.nn.log_softmax(logits, axis=-1), mean, tf.clip_by_value(log_scale, -5.0, 2.0)


def negative_log_likelihood(outputs, target):
    log_pi, mean, log_scale = outputs
    z = (target - mean) * tf.exp(-log_scale)
    log_prob = -0.5 * tf.square(z) - log_scale - 0.5 * math.log(2 * math.pi)
    mixed = tf.reduce_logsumexp(log_pi + log_prob, axis=1)
    return -tf.reduce_mean(mixed)


tf.random.set_seed(4)
force, travel = make_curve(3000, 0)
force_test, travel_test = make_curve(800, 1)

net = MixtureNet()
optimizer = tf.keras.optimizers.Adam(3e-3)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = negative_log_likelihood(net(x), y)
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return loss


batches = (
    tf.data.Dataset.from_tensor_slices((force, travel))
    .shuffle(3000, seed=2)
    .repeat()
    .batch(BATCH)
    .take(STEPS)
)
for i, (x, y) in enumerate(batches):
    loss = step(x, y)
    if i % 300 == 0:
        print(f"step {i:5d}  objective {loss.numpy():.4f}")

log_pi, mean, log_scale = (t.numpy().astype("float64") for t in net(force_test))
density = np.exp(log_pi) * np.exp(-0.5 * ((travel_test - mean) / np.exp(log_scale)) ** 2)
density /= np.sqrt(2 * np.pi) * np.exp(log_scale)
per_point = np.log(density.sum(axis=1) + 1e-30)
print(f"held-out mean log density {per_point.mean():.3f}")
