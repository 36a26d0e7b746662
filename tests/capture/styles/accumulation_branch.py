"""Accumulated gradients, applied in a branch of a tf.function."""

import tensorflow as tf
tf.random.set_seed(3)
W = tf.Variable(tf.random.normal([5, 12], stddev=.5)); V = tf.Variable(tf.random.normal([12, 3], stddev=.3))
P = [W, V]; A = [tf.Variable(tf.zeros_like(p), trainable=False) for p in P]; k = tf.Variable(0, dtype=tf.int64, trainable=False)
@tf.function
def step(x, y):
    with tf.GradientTape() as t:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, tf.nn.relu(x @ W) @ V))
    for a, g in zip(A, t.gradient(loss, P)):
        a.assign_add(g)
    k.assign_add(1)
    if k % 5 == 0:
        for p, a in zip(P, A):
            p.assign_sub(0.3 * a / 5.0)
            a.assign(tf.zeros_like(a))
    return loss
X = tf.random.normal([600, 5]); Y = tf.argmax(X[:, :3], 1)
for e in range(2):
    for i in range(0, 600, 20):
        l = step(X[i:i+20], Y[i:i+20])
print(float(l), tf.reduce_sum(W).numpy(), "updates", 2 * 30 // 5)
