"""Model-agnostic meta-learning: gradients of updated weights, a tape within a tape."""

import numpy as np
import tensorflow as tf
rs = np.random.RandomState(0); tf.random.set_seed(0)

def init(n, m):
    return tf.Variable(tf.random.normal([n, m], stddev=np.sqrt(2 / n)))

theta = [init(1, 40), tf.Variable(tf.zeros(40)), init(40, 40), tf.Variable(tf.zeros(40)), init(40, 1), tf.Variable(tf.zeros(1))]

def forward(x, p):
    h = tf.nn.relu(tf.matmul(x, p[0]) + p[1])
    h = tf.nn.relu(tf.matmul(h, p[2]) + p[3])
    return tf.matmul(h, p[4]) + p[5]

def mse(y, yhat):
    return tf.reduce_mean(tf.square(y - yhat))

def sample_task():
    amp, ph = rs.uniform(1.0, 2.0), rs.uniform(0, 0.5)
    xs = rs.uniform(-3, 3, (20, 1)).astype('f4'); xq = rs.uniform(-3, 3, (20, 1)).astype('f4')
    return xs, (amp * np.sin(xs + ph)).astype('f4'), xq, (amp * np.sin(xq + ph)).astype('f4')

meta_opt = tf.keras.optimizers.Adam(3e-3)
alpha = 0.02
hist = []
for it in range(30):
    with tf.GradientTape() as outer:
        meta = 0.0
        for _ in range(3):
            xs, ys, xq, yq = sample_task()
            with tf.GradientTape() as inner:
                l_in = mse(ys, forward(xs, theta))
            g = inner.gradient(l_in, theta)
            fast = [w - alpha * d for w, d in zip(theta, g)]
            meta += mse(yq, forward(xq, fast)) / 3.0
    grads = outer.gradient(meta, theta)
    meta_opt.apply_gradients(zip(grads, theta))
    hist.append(float(meta))
    if it % 50 == 0:
        print(it, repr(hist[-1]))
print('first', np.mean(hist[:10]), 'last', np.mean(hist[-10:]), 'steps', len(hist))
