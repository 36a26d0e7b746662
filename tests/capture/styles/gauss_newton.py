"""Gauss-Newton by tape.jacobian."""

import numpy as np
import tensorflow as tf
rs = np.random.RandomState(1)
x = np.linspace(-2, 2, 80).astype(np.float64)[:, None]
y = np.tanh(2 * x) + 0.3 * x + 0.02 * rs.randn(80, 1)
W1 = tf.Variable(rs.randn(1, 8) * 0.5, name="W1"); b1 = tf.Variable(np.zeros(8), name="b1")
W2 = tf.Variable(rs.randn(8, 1) * 0.3, name="W2"); b2 = tf.Variable(np.zeros(1), name="b2")
vs = [W1, b1, W2, b2]
lam = 1e-1
for it in range(40):
    with tf.GradientTape() as tape:
        r = tf.reshape(tf.tanh(x @ W1 + b1) @ W2 + b2 - y, [-1])
    J = tf.concat([tf.reshape(j, [80, -1]) for j in tape.jacobian(r, vs)], axis=1)
    delta = tf.linalg.solve(tf.transpose(J) @ J + lam * tf.eye(J.shape[1], dtype=tf.float64), tf.transpose(J) @ r[:, None])[:, 0]
    o = 0
    for v in vs:
        n = int(np.prod(v.shape))
        v.assign_sub(tf.reshape(delta[o:o + n], v.shape)); o += n
    if it % 10 == 0 or it == 39:
        print(it, repr(float(tf.reduce_mean(r ** 2))))
