"""Two losses of a persistent tape on the same weights; updates in a tf.function."""

import tensorflow as tf
tf.random.set_seed(2)
w = tf.Variable(tf.random.normal([6, 16], stddev=0.4), name='w'); a = tf.Variable(tf.random.normal([16, 1], stddev=0.3), name='a'); c = tf.Variable(tf.random.normal([16, 1], stddev=0.3), name='c')
@tf.function
def update(w, g, lr):
    w.assign_sub(lr * g)
X = tf.random.normal([256, 6]); Y = tf.reduce_sum(X[:, :2], 1, keepdims=True); Z = X[:, 2:3] * 2
for i in range(40):
    with tf.GradientTape(persistent=True) as t:
        h = tf.nn.relu(X @ w)
        l1 = tf.reduce_mean((h @ a - Y) ** 2); l2 = tf.reduce_mean((h @ c - Z) ** 2)
    g1 = t.gradient(l1, [w, a]); g2 = t.gradient(l2, [w, c])
    del t
    update(w, g1[0] + g2[0], 0.05); update(a, g1[1], 0.05); update(c, g2[1], 0.05)
print(float(l1), float(l2), tf.reduce_sum(w).numpy())
