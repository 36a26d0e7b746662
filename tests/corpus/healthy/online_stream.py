"""Online learning: one sample at a time, each used once, scored before it is learned (prequential)."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(9)
rng = np.random.default_rng(9)


def stream(n):
    """Delivery-time regression in minutes; distances in metres, so the scales differ widely."""
    for _ in range(n):
        dist, load, hour = rng.gamma(3.0, 1500.0), rng.poisson(4), rng.uniform(0, 24)
        rush = np.exp(-0.5 * ((hour - 17.5) / 1.5) ** 2)
        t = 6 + dist / 400 * (1 + 0.6 * rush) + 1.5 * load + rng.normal(0, 2.0)
        yield np.array([dist, load, np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12)], "float64"), t


class RunningScaler:
    """Welford; each value is scaled with what was seen up to and including it."""

    def __init__(self, d):
        self.n, self.mean, self.m2 = 0, np.zeros(d), np.zeros(d)

    def update(self, x):
        self.n += 1
        delta = x - self.mean
        self.mean += delta / self.n
        self.m2 += delta * (x - self.mean)

    @property
    def std(self):
        return np.sqrt(self.m2 / max(self.n - 1, 1)) if self.n > 10 else np.ones_like(self.mean)


H = 24
W1 = tf.Variable(tf.random.normal((4, H), stddev=0.5))
b1 = tf.Variable(tf.zeros((H,)))
W2 = tf.Variable(tf.zeros((H, 1)))
b2 = tf.Variable(tf.zeros((1,)))
params = [W1, b1, W2, b2]


@tf.function
def predict_then_learn(x, y, lr):
    with tf.GradientTape() as tape:
        out = (tf.tanh(x[None] @ W1 + b1) @ W2 + b2)[0, 0]
        # Huber: one odd delivery must not throw the weights away
        r = tf.abs(out - y)
        loss = tf.where(r < 1.5, 0.5 * r * r, 1.5 * (r - 0.75))
    for p, g in zip(params, tape.gradient(loss, params)):
        p.assign_sub(lr * g)
    return out


BURN_IN, N = 100, 8000
sx, sy = RunningScaler(4), RunningScaler(1)
err, base, last_err, last_base = [], [], [], []
for k, (x, y) in enumerate(stream(N + BURN_IN)):
    guess_mean = sy.mean[0]                              # best constant known before seeing y
    sx.update(x)
    if k >= BURN_IN:
        z = ((x - sx.mean) / sx.std).astype("float32")
        scale, shift = sy.std[0], sy.mean[0]
        lr = 0.05 / np.sqrt(1 + (k - BURN_IN) / 500)
        out = predict_then_learn(tf.constant(z), tf.constant((y - shift) / scale, tf.float32), tf.constant(lr, tf.float32))
        err.append(abs(float(out) * scale + shift - y))
        base.append(abs(guess_mean - y))
        if len(err) % 1000 == 0:
            print(f"seen {len(err):5d}  lr {lr:.4f}  MAE of the last 1000: model {np.mean(err[-1000:]):5.2f} min   "
                  f"running mean {np.mean(base[-1000:]):5.2f} min")
    sy.update(np.array([y]))
print("noise alone gives an MAE of %.2f min" % (2.0 * np.sqrt(2 / np.pi)))
