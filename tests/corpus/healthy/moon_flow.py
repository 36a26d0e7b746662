# RealNVP on the two crescents (Dinh et al. 2017), affine couplings, tf.function loop
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

tf.random.set_seed(10)
pts, _ = make_moons(4000, noise=0.06, random_state=10)
pts = ((pts - [0.5, 0.25]) / [0.9, 0.5]).astype("float32")
train, test = pts[:3200], pts[3200:]


class Coupling(tf.keras.layers.Layer):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.body = tf.keras.Sequential([tf.keras.layers.Dense(48, activation="tanh"),
                                         tf.keras.layers.Dense(48, activation="tanh")])
        self.shift = tf.keras.layers.Dense(1, kernel_initializer="zeros")
        self.log_scale = tf.keras.layers.Dense(1, kernel_initializer="zeros", activation="tanh")

    def call(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        h = self.body(a)
        s, t = 1.5 * self.log_scale(h), self.shift(h)
        b = b * tf.exp(s) + t
        return tf.concat([b, a] if self.flip else [a, b], 1), s[:, 0]

    def inverse(self, y):
        a, b = (y[:, 1:], y[:, :1]) if self.flip else (y[:, :1], y[:, 1:])
        h = self.body(a)
        b = (b - self.shift(h)) * tf.exp(-1.5 * self.log_scale(h))
        return tf.concat([b, a] if self.flip else [a, b], 1)


class Flow(tf.keras.Model):
    def __init__(self, depth=6):
        super().__init__()
        self.blocks = [Coupling(k % 2 == 0) for k in range(depth)]

    def call(self, x):
        logdet = tf.zeros(tf.shape(x)[0])
        for blk in self.blocks:
            x, s = blk(x)
            logdet += s
        return -0.5 * tf.reduce_sum(x ** 2, 1) - np.log(2 * np.pi) + logdet

    def sample(self, n):
        z = tf.random.normal([n, 2])
        for blk in reversed(self.blocks):
            z = blk.inverse(z)
        return z


flow = Flow()
flow(train[:2])
opt = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(6e-3, 40 * 16), clipnorm=2.0)


@tf.function
def step(x):
    with tf.GradientTape() as tape:
        nll = -tf.reduce_mean(flow(x))
    g = tape.gradient(nll, flow.trainable_variables)
    opt.apply_gradients(zip(g, flow.trainable_variables))
    return nll


batches = tf.data.Dataset.from_tensor_slices(train).shuffle(3200).batch(200, drop_remainder=True)
for epoch in range(40):
    losses = [float(step(b)) for b in batches]
    if epoch % 10 == 9:
        print(f"{epoch + 1:3d}  train nll {np.mean(losses):+.3f}  test nll {-float(tf.reduce_mean(flow(test))):+.3f}")

gauss = -np.mean([-0.5 * p @ np.linalg.solve(np.cov(train.T), p) for p in test - train.mean(0)]) \
    + 0.5 * np.linalg.slogdet(2 * np.pi * np.cov(train.T))[1]
fake = flow.sample(500).numpy()
dist = np.sqrt(((fake[:, None] - test[None]) ** 2).sum(-1)).min(1)
print(f"Gaussian test nll {gauss:+.3f}; median distance of samples to data {np.median(dist):.3f}")
