import numpy as np
import tensorflow as tf

rng = np.random.default_rng(54)
tf.random.set_seed(54)
X = rng.standard_t(4, size=(3000, 10))
X = ((X - X.mean(0)) / X.std(0)).astype("float32")
y = (X[:, 0] + 0.5 * X[:, 1] * (X[:, 2] > 0) > 0).astype("int32")
print("largest input", np.abs(X).max())

A = tf.Variable(tf.random.normal([10, 40], stddev=0.4))
a = tf.Variable(tf.zeros([40]))
B = tf.Variable(tf.random.normal([40, 2], stddev=0.2))
b = tf.Variable(tf.zeros([2]))
for step in range(1000):
    i = rng.integers(0, 2400, 64)
    with tf.GradientTape() as tape:
        logits = tf.matmul(tf.nn.relu(tf.matmul(X[i], A) + a), B) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y[i], logits=logits))
    dA, da, dB, db = tape.gradient(loss, [A, a, B, b])
    A.assign_sub(0.1 * dA); a.assign_sub(0.1 * da)
    B.assign_sub(0.1 * dB); b.assign_sub(0.1 * db)
    if step % 200 == 0:
        print(step, float(loss))
logits = tf.nn.relu(X[2400:] @ A + a) @ B + b
print("accuracy", np.mean(np.argmax(logits, 1) == y[2400:]))
