"""The smallest steps: an eager loop over two bare variables, about a millisecond each."""

import numpy as np
import tensorflow as tf
from steady import measure

x = tf.constant(np.random.rand(64, 8), tf.float32)
y = tf.reduce_sum(x[:, :3], axis=1, keepdims=True)
w = tf.Variable(tf.random.stateless_normal([8, 1], (1, 2)))
b = tf.Variable(tf.zeros([1]))


def step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(x @ w + b - y))
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(0.05 * dw)
    b.assign_sub(0.05 * db)


measure(lambda: [step() for _ in range(200)], 200)
