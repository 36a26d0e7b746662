"""The adding problem, from short sequences to long ones.

Each step holds a number in [0, 1] and a marker; two steps are marked; answer: the sum of the two.
"""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, optimizers, utils, Sequential, Input

utils.set_random_seed(21)
rs = np.random.default_rng(21)


def batch(n, length):
    v = rs.random((n, length)).astype("float32")
    m = np.zeros((n, length), "float32")
    first = rs.integers(0, length // 2, n)
    second = rs.integers(length // 2, length, n)
    rows = np.arange(n)
    m[rows, first] = 1
    m[rows, second] = 1
    return np.stack([v, m], -1), (v * m).sum(1, keepdims=True)


rnn = Sequential([Input((None, 2)), layers.GRU(32), layers.Dense(1)])
opt = optimizers.Adam(0.006)


@tf.function(reduce_retracing=True)
def update(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - rnn(x, training=True)))
    grads = tape.gradient(loss, rnn.trainable_variables)
    grads, norm = tf.clip_by_global_norm(grads, 1.0)
    opt.apply_gradients(zip(grads, rnn.trainable_variables))
    return loss, norm


long_x, long_y = batch(400, 24)


def long_error():
    return float(np.mean((rnn(long_x).numpy() - long_y) ** 2))


print(f"always answering 1.0 on length 24: {np.mean((long_y - 1) ** 2):.4f}   untrained: {long_error():.4f}")
for stage, (length, rounds) in enumerate([(4, 250), (8, 200), (14, 200), (24, 200)], 1):
    seen = []
    for k in range(rounds):
        # a fifth of the batches goes back to something easier
        l = length if stage == 1 or rs.random() > 0.2 else max(4, length // 2)
        loss, norm = update(*map(tf.constant, batch(64, l)))
        seen.append(float(loss))
    print(f"stage {stage} length {length:2d}: first 20 {np.mean(seen[:20]):.4f}  last 20 {np.mean(seen[-20:]):.4f}  "
          f"|g| {float(norm):.3f}  on length 24: {long_error():.4f}")

x, y = batch(5, 24)
for got, want in zip(rnn(x).numpy().ravel(), y.ravel()):
    print(f"  want {want:.3f}  got {got:.3f}")
