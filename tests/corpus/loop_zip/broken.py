import numpy as np, tensorflow as tf
from sklearn.datasets import load_wine
X, y = load_wine(return_X_y=True); X = ((X - X.mean(0)) / X.std(0)).astype("float32")
W1 = tf.Variable(tf.random.normal([13, 24], stddev=.3)); b1 = tf.Variable(tf.zeros(24)); W2 = tf.Variable(tf.random.normal([24, 3], stddev=.3)); b2 = tf.Variable(tf.zeros(3))
opt = tf.optimizers.SGD(.1)
for step in range(300):
    i = np.random.choice(len(X), 32)
    with tf.GradientTape() as t:
        h = tf.nn.relu(X[i] @ W1 + b1)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y[i], h @ W2 + b2))
    g = t.gradient(loss, [W1, b1, W2, b2])
    pairs = zip(g, [W1, b1, W2, b2])
    norm = sum(float(tf.norm(a)) for a, _ in pairs)  # expect: update-missing
    if norm > 0:
        for a, v in pairs:  # expect-or: update-missing
            v.assign_sub(.1 * a)
print(float(loss))
