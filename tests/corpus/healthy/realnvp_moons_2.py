"""RealNVP density estimation; every coupling layer starts as the identity (zero output weights)."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

tf.random.set_seed(22)
x, _ = make_moons(2500, noise=0.05, random_state=22)
x = x.astype("float32")
mean, std = x[:2000].mean(0), x[:2000].std(0)
x = 0.3 * (x - mean) / std          # small scale: the density exceeds one, the NLL falls below zero
x_train, x_test = tf.constant(x[:2000]), tf.constant(x[2000:])


class Coupling(tf.Module):
    def __init__(self, flip, width=32):
        super().__init__()
        self.flip = flip
        self.w1 = tf.Variable(tf.random.normal([1, width], stddev=2.0))
        self.b1 = tf.Variable(tf.random.normal([width], stddev=0.5))
        self.w2 = tf.Variable(tf.random.normal([width, width], stddev=(2 / width) ** 0.5))
        self.b2 = tf.Variable(tf.zeros([width]))
        self.w3 = tf.Variable(tf.zeros([width, 2]))
        self.b3 = tf.Variable(tf.zeros([2]))

    def __call__(self, z):
        a, b = tf.split(z, 2, axis=1)
        if self.flip:
            a, b = b, a
        h = tf.nn.relu(a @ self.w1 + self.b1)
        h = tf.nn.relu(h @ self.w2 + self.b2)
        s, t = tf.split(h @ self.w3 + self.b3, 2, axis=1)
        s = 2.0 * tf.tanh(s)
        b = b * tf.exp(s) + t
        return tf.concat([b, a] if self.flip else [a, b], axis=1), s[:, 0]


layers = [Coupling(flip=bool(k % 2)) for k in range(6)]
log_scale = tf.Variable(tf.zeros([2]))
params = [v for layer in layers for v in layer.trainable_variables] + [log_scale]


def nll(z):
    logdet = tf.reduce_sum(log_scale)
    z = z * tf.exp(log_scale)
    for layer in layers:
        z, ld = layer(z)
        logdet += ld
    log_base = -0.5 * tf.reduce_sum(z ** 2, axis=1) - np.log(2 * np.pi)
    return -tf.reduce_mean(log_base + logdet)


m = [tf.Variable(tf.zeros_like(p)) for p in params]
v = [tf.Variable(tf.zeros_like(p)) for p in params]
t = tf.Variable(0.0)


@tf.function
def train(steps, lr):
    total = 0.0
    for _ in tf.range(steps):
        idx = tf.random.uniform([200], 0, 2000, dtype=tf.int32)
        with tf.GradientTape() as tape:
            loss = nll(tf.gather(x_train, idx))
        grads, _ = tf.clip_by_global_norm(tape.gradient(loss, params), 5.0)
        t.assign_add(1.0)
        for p, g, mi, vi in zip(params, grads, m, v):
            mi.assign(0.9 * mi + 0.1 * g)
            vi.assign(0.999 * vi + 0.001 * g * g)
            p.assign_sub(lr * (mi / (1 - 0.9 ** t)) / (tf.sqrt(vi / (1 - 0.999 ** t)) + 1e-8))
        total += loss
    return total / tf.cast(steps, tf.float32)


print(f"before  test nll {float(nll(x_test)):.3f}")
for block in range(6):
    lr = 4e-3 if block < 4 else 1e-3
    print(f"steps {150 * (block + 1):4d}  train nll {float(train(tf.constant(150), tf.constant(lr))):7.3f}")
cov = np.cov(x[:2000].T)
gauss = 0.5 * np.log(np.linalg.det(2 * np.pi * np.e * cov))
print(f"after   test nll {float(nll(x_test)):.3f}   (best single Gaussian {gauss:.3f})")
