"""An optimiser of tf.compat.v1 in eager code."""

import numpy as np
import tensorflow as tf
rng = np.random.default_rng(8)
A = rng.normal(size=(300, 5)).astype('float32')
coef = np.array([[1.5], [-2.0], [0.3], [0.0], [4.0]], 'float32')
t = A @ coef + 0.7 + 0.01 * rng.normal(size=(300, 1)).astype('float32')
w = tf.Variable(tf.zeros([5, 1]), name='w')
b = tf.Variable(0.0, name='b')

def loss_fn():
    return tf.reduce_mean((tf.matmul(A, w) + b - t) ** 2)

try:
    opt = tf.keras.optimizers.legacy.SGD(0.1)
    opt.minimize
except Exception:
    opt = tf.compat.v1.train.GradientDescentOptimizer(0.1)
print(type(opt).__name__)
for k in range(40):
    opt.minimize(loss_fn, var_list=[w, b])
    if k % 20 == 0 or k == 119:
        print(k, '%.10f' % float(loss_fn()))
print(w.numpy().ravel(), b.numpy())
