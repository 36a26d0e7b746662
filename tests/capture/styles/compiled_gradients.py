"""Gradients from a tf.function, updates in the main program."""

import tensorflow as tf
tf.random.set_seed(0)
w = tf.Variable(tf.random.normal([6, 16], stddev=0.4)); b = tf.Variable(tf.zeros([16])); v = tf.Variable(tf.random.normal([16, 1], stddev=0.3))
params = [w, b, v]
@tf.function
def grads_of(x, y):
    with tf.GradientTape() as t:
        loss = tf.reduce_mean((tf.nn.tanh(x @ w + b) @ v - y) ** 2)
    return loss, t.gradient(loss, params)
X = tf.random.normal([512, 6]); Y = tf.reduce_sum(X[:, :2], 1, keepdims=True)
for i in range(40):
    loss, gs = grads_of(X, Y)
    for p, g in zip(params, gs):
        p.assign_sub(0.1 * g)
print(float(loss), hash(w.numpy().tobytes()) is not None, tf.reduce_sum(w).numpy())
