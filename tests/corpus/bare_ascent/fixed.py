import numpy as np, tensorflow as tf
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True); X = ((X - X.mean(0)) / X.std(0)).astype("float32")
w = tf.Variable(tf.random.normal([4, 16], stddev=.4, seed=1)); c = tf.Variable(tf.zeros([16])); v = tf.Variable(tf.random.normal([16, 3], stddev=.4, seed=2)); d = tf.Variable(tf.zeros([3]))
ps = [w, c, v, d]
for s in range(200):
    with tf.GradientTape() as t:
        z = tf.nn.relu(X @ w + c) @ v + d
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z))
    for p, g in zip(ps, t.gradient(loss, ps)):
        p.assign_sub(0.05 * g)
print(float(loss))
