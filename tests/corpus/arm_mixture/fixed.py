"""
Mixture density network for the inverse of a one-to-many map (Bishop 1994, fig. 5).
Kept to tf.Module and plain variables so that it can be exported without Keras.
"""
import argparse
import configparser
import io
import math

import numpy as np
import tensorflow as tf

DEFAULTS = """
[data]
points = 1200
noise = 0.04
[net]
hidden = 30
components = 4
[fit]
steps = 1500
batch = 150
rate = 0.01
"""


def settings():
    p = argparse.ArgumentParser()
    p.add_argument("--ini", help="override of the built-in settings")
    p.add_argument("--seed", type=int, default=2)
    a = p.parse_args()
    cfg = configparser.ConfigParser()
    cfg.read_file(io.StringIO(DEFAULTS))
    if a.ini:
        cfg.read(a.ini)
    return cfg, a.seed


def toy_map(n, noise, rng):
    angle = rng.uniform(0, 1, n)
    reach = angle + 0.3 * np.sin(2 * np.pi * angle) + rng.normal(0, noise, n)
    x = (reach - 0.5) * 3
    return x[:, None].astype(np.float32), angle.astype(np.float32)


def draw(rng, n_in, n_out, gain=1.0):
    columns = [rng.normal(0.0, gain / math.sqrt(n_in), n_in) for _ in range(n_out)]
    return tf.Variable(np.stack(columns, axis=1), dtype=tf.float32)


class MDN(tf.Module):
    def __init__(self, hidden, components, rng):
        super().__init__()
        self.k = components
        self.w1, self.b1 = draw(rng, 1, hidden, 2.0), tf.Variable(tf.zeros([hidden]))
        self.w2, self.b2 = draw(rng, hidden, hidden), tf.Variable(tf.zeros([hidden]))
        self.w3 = draw(rng, hidden, 3 * components)
        self.b3 = tf.Variable(tf.zeros([3 * components]))

    @tf.Module.with_name_scope
    def __call__(self, x):
        h = tf.tanh(x @ self.w1 + self.b1)
        h = tf.tanh(h @ self.w2 + self.b2)
        logit, centre, log_width = tf.split(h @ self.w3 + self.b3, 3, axis=1)
        return tf.nn.log_softmax(logit), centre + 0.5, tf.maximum(log_width, -4.0)

    def log_density(self, x, y):
        log_pi, mu, log_s = self(x)
        z = (y[:, None] - mu) * tf.exp(-log_s)
        log_n = -0.5 * z * z - log_s - 0.5 * math.log(2 * math.pi)
        return tf.reduce_logsumexp(log_pi + log_n, axis=1)


def main():
    cfg, seed = settings()
    rng = np.random.default_rng(seed)
    x, y = toy_map(cfg.getint("data", "points"), cfg.getfloat("data", "noise"), rng)
    xt, yt = toy_map(600, cfg.getfloat("data", "noise"), rng)

    net = MDN(cfg.getint("net", "hidden"), cfg.getint("net", "components"), rng)
    rate = cfg.getfloat("fit", "rate")
    steps, batch = cfg.getint("fit", "steps"), cfg.getint("fit", "batch")
    schedule = tf.keras.optimizers.schedules.CosineDecay(rate, steps, alpha=0.05)
    opt = tf.keras.optimizers.Adam(schedule)

    @tf.function
    def step(bx, by):
        with tf.GradientTape() as tape:
            nll = -tf.reduce_mean(net.log_density(bx, by))
        grads = tape.gradient(nll, net.trainable_variables)
        opt.apply_gradients(zip(grads, net.trainable_variables))
        return nll

    smooth = None
    for s in range(1, steps + 1):
        sel = rng.integers(0, len(x), batch)
        v = float(step(x[sel], y[sel]))
        smooth = v if smooth is None else 0.98 * smooth + 0.02 * v
        if s % 250 == 0:
            test = -float(tf.reduce_mean(net.log_density(xt, yt)))
            print(f"step {s:5d}   train nll {smooth:+.3f}   test nll {test:+.3f}")

    pi, mu, _ = net(np.zeros((1, 1), np.float32))
    for p, m in sorted(zip(np.exp(pi.numpy()[0]), mu.numpy()[0]), reverse=True):
        print(f"   at half reach: weight {p:.2f} angle {m:.2f}")


if __name__ == "__main__":
    main()
