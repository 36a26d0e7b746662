"""Gated recurrent unit written out by hand; which way did the gyro drift?"""
import numpy as np
import tensorflow as tf

UNITS = 24
T = 30


class GRU(tf.Module):
    """Cho et al. 2014, one matrix per gate."""

    def __init__(self, n_in, units, name=None):
        super().__init__(name=name)
        rng = tf.random.Generator.from_seed(12)

        def glorot(a, b):
            limit = (6.0 / (a + b)) ** 0.5
            return tf.Variable(rng.uniform((a, b), -limit, limit))

        self.units = units
        self.Wz, self.Uz = glorot(n_in, units), glorot(units, units)
        self.Wr, self.Ur = glorot(n_in, units), glorot(units, units)
        self.Wc, self.Uc = glorot(n_in, units), glorot(units, units)
        self.bz = tf.Variable(tf.fill([units], 1.0))
        self.br = tf.Variable(tf.zeros([units]))
        self.bc = tf.Variable(tf.zeros([units]))

    def __call__(self, x):
        h = tf.zeros([tf.shape(x)[0], self.units])
        for t in range(T):
            xt = x[:, t]
            z = tf.sigmoid(xt @ self.Wz + h @ self.Uz + self.bz)
            r = tf.sigmoid(xt @ self.Wr + h @ self.Ur + self.br)
            c = tf.tanh(xt @ self.Wc + (r * h) @ self.Uc + self.bc)
            h = z * h + (1.0 - z) * c
        return h


class Readout(tf.Module):
    def __init__(self, units, n_out):
        super().__init__()
        self.W = tf.Variable(tf.random.stateless_normal((units, n_out), seed=(3, 4), stddev=units ** -0.5))
        self.b = tf.Variable(tf.zeros([n_out]))

    def __call__(self, h):
        return h @ self.W + self.b


class DriftNet(tf.Module):
    def __init__(self):
        super().__init__()
        self.cell = GRU(2, UNITS)
        self.head = Readout(UNITS, 3)

    def __call__(self, x):
        return self.head(self.cell(x))


def gyro(n, rng):
    """Two axes: rate and temperature. 0 = no drift, 1 = drifts up, 2 = drifts down."""
    y = rng.integers(0, 3, n)
    slope = np.array([0.0, 0.45, -0.45])[y] * rng.uniform(0.8, 1.2, n)
    rate = slope[:, None] + rng.normal(0, 0.6, (n, T))
    temperature = rng.normal(0, 1, (n, 1)) + 0.1 * rng.normal(0, 1, (n, T))
    return np.stack([rate, temperature], -1).astype("float32"), y.astype("int32")


net = DriftNet()
velocity = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]


@tf.function
def train_step(x, y, lr):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=net(x)))
    grads, _ = tf.clip_by_global_norm(tape.gradient(loss, net.trainable_variables), 1.0)
    for p, v, g in zip(net.trainable_variables, velocity, grads):
        v.assign(0.9 * v + g)
        p.assign_sub(lr * v)
    return loss


@tf.function
def accuracy(x, y):
    return tf.reduce_mean(tf.cast(tf.argmax(net(x), 1, output_type=tf.int32) == y, tf.float32))


def main():
    rng = np.random.default_rng(0)
    x, y = gyro(1500, rng)
    xv, yv = gyro(500, rng)
    lr = tf.constant(0.05)
    for epoch in range(10):
        order = rng.permutation(len(x))
        total = 0.0
        for k in range(0, len(x), 50):
            j = order[k:k + 50]
            total += float(train_step(x[j], y[j], lr))
        print("epoch %2d  loss %.4f  accuracy %.3f  held out %.3f"
              % (epoch, total / (len(x) // 50), accuracy(x, y), accuracy(xv, yv)))


if __name__ == "__main__":
    main()
