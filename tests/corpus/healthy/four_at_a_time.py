import tensorflow as tf, numpy as np
tf.keras.utils.set_random_seed(0)
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True); X = ((X - X.mean(0)) / X.std(0)).astype("float32")
p = np.random.permutation(150); X, y = X[p], y[p]
w = tf.Variable(tf.random.normal((4, 8), stddev=.5)); b = tf.Variable(tf.zeros(8)); u = tf.Variable(tf.random.normal((8, 3), stddev=.5)); c = tf.Variable(tf.zeros(3))
for e in range(8):
    for i in np.random.permutation(120 // 4):
        xb, yb = X[4*i:4*i+4], y[4*i:4*i+4]
        with tf.GradientTape() as t:
            l = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(yb, tf.nn.relu(xb @ w + b) @ u + c))
        for v, g in zip((w, b, u, c), t.gradient(l, (w, b, u, c))): v.assign_sub(.05 * g)
print(np.mean((tf.nn.relu(X[120:] @ w + b) @ u + c).numpy().argmax(1) == y[120:]))
