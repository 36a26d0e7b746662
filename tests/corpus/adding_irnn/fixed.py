import argparse

import numpy as np
import tensorflow as tf

ap = argparse.ArgumentParser()
ap.add_argument("--hidden", type=int, default=32)
ap.add_argument("--steps", type=int, default=20, help="sequence length")
ap.add_argument("--lr", type=float, default=0.04)
ap.add_argument("--clip", type=float, default=1.0)
ap.add_argument("--iters", type=int, default=2500)
ap.add_argument("--seed", type=int, default=0)
opt = ap.parse_args()

rng = np.random.default_rng(opt.seed)
tf.random.set_seed(opt.seed)


def adding_problem(n):
    v = rng.uniform(0, 1, (n, opt.steps)).astype("float32")
    m = np.zeros_like(v)
    for k in range(n):
        m[k, rng.choice(opt.steps, 2, replace=False)] = 1.0
    return np.stack([v, m], -1), (v * m).sum(1, keepdims=True)


# IRNN of Le, Jaitly & Hinton: ReLU units, recurrent matrix starts at identity
Wx = tf.Variable(tf.random.normal((2, opt.hidden), stddev=0.2))
Wh = tf.Variable(tf.eye(opt.hidden) + tf.random.normal((opt.hidden, opt.hidden), stddev=0.01))
bh = tf.Variable(tf.zeros(opt.hidden))
Wo = tf.Variable(tf.random.normal((opt.hidden, 1), stddev=0.1))
bo = tf.Variable(tf.zeros(1))
weights = [Wx, Wh, bh, Wo, bo]


def rnn(x):
    h = tf.zeros((tf.shape(x)[0], opt.hidden))
    for t in range(opt.steps):
        h = tf.nn.relu(x[:, t] @ Wx + h @ Wh + bh)
    return h @ Wo + bo


@tf.function
def train(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(rnn(x) - y))
    grads = tape.gradient(loss, weights)
    grads, _ = tf.clip_by_global_norm(grads, opt.clip)
    for w, g in zip(weights, grads):
        w.assign_sub(opt.lr * g)
    return loss


x_val, y_val = adding_problem(500)
log = []
for it in range(1, opt.iters + 1):
    log.append(float(train(*adding_problem(32))))
    if it % 200 == 0:
        print(f"iter {it:5d}  mse {np.mean(log[-200:]):.5f}")

print("held-out mse %.5f  (predicting the mean: %.5f)" % (
    float(tf.reduce_mean(tf.square(rnn(x_val) - y_val))), y_val.var()))
