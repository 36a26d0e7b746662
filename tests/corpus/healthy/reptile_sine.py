"""Reptile meta-learning on sine tasks: inner weights are thrown away, the outer step moves towards them."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(23)
rng = np.random.default_rng(23)

SIZES = [1, 48, 48, 1]
meta = []
for n_in, n_out in zip(SIZES[:-1], SIZES[1:]):
    meta += [tf.Variable(tf.random.normal([n_in, n_out], stddev=(1.5 / n_in) ** 0.5)), tf.Variable(tf.zeros([n_out]))]
fast = [tf.Variable(w) for w in meta]


def net(x, w):
    h = tf.tanh(x @ w[0] + w[1])
    h = tf.tanh(h @ w[2] + w[3])
    return h @ w[4] + w[5]


def task():
    amp, phase = rng.uniform(0.5, 2.0), rng.uniform(0, np.pi)
    return lambda x: (amp * np.sin(3 * x + phase)).astype("float32")


@tf.function
def adapt(x, y, steps, lr):
    """Plain SGD on one task, starting again from the meta weights each time."""
    for f, w in zip(fast, meta):
        f.assign(w)
    first = tf.reduce_mean((net(x, fast) - y) ** 2)
    for _ in tf.range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((net(x, fast) - y) ** 2)
        for f, g in zip(fast, tape.gradient(loss, fast)):
            f.assign_sub(lr * g)
    return first


@tf.function
def outer(eps):
    for w, f in zip(meta, fast):
        w.assign_add(eps * (f - w))


def evaluate(n_tasks=40):
    before, after = [], []
    r = np.random.default_rng(99)
    for _ in range(n_tasks):
        amp, phase = r.uniform(0.5, 2.0), r.uniform(0, np.pi)
        f = lambda x: (amp * np.sin(3 * x + phase)).astype("float32")
        xs = r.uniform(-1, 1, (10, 1)).astype("float32")
        xq = np.linspace(-1, 1, 50, dtype="float32")[:, None]
        adapt(tf.constant(xs), tf.constant(f(xs)), tf.constant(32), tf.constant(0.05))
        before.append(np.mean((net(xq, meta).numpy() - f(xq)) ** 2))
        after.append(np.mean((net(xq, fast).numpy() - f(xq)) ** 2))
    return np.mean(before), np.mean(after)


print("untrained initialisation: query mse before %.3f, after adaptation %.3f" % evaluate())
first = []
META_ITERS = 2500
for it in range(META_ITERS):
    f = task()
    x = rng.uniform(-1, 1, (20, 1)).astype("float32")
    first.append(float(adapt(tf.constant(x), tf.constant(f(x)), tf.constant(8), tf.constant(0.05))))
    outer(tf.constant(0.5 * (1 - it / META_ITERS), tf.float32))
    if it % 500 == 499:
        print(f"meta iter {it + 1:5d}  loss at the start of a task {np.mean(first[-200:]):.3f}")
print("meta-learnt initialisation: query mse before %.3f, after adaptation %.3f" % evaluate())
