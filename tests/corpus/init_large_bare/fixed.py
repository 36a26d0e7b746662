import numpy as np
import tensorflow as tf

rng = np.random.default_rng(5)
tf.random.set_seed(5)

# six gaussian clusters in twenty dimensions
centers = rng.normal(size=(6, 20)) * 1.5
labels = rng.integers(0, 6, size=4000)
points = (centers[labels] + rng.normal(size=(4000, 20))).astype(np.float32)
x_tr, y_tr, x_te, y_te = points[:3200], labels[:3200], points[3200:], labels[3200:]

def W(i, o):
    return tf.Variable(tf.random.normal((i, o), stddev=(2 / i) ** 0.5))

def B(o):
    return tf.Variable(tf.zeros((o,)))

w1, w2, w3, w4, w5 = W(20, 200), W(200, 200), W(200, 150), W(150, 80), W(80, 6)
b1, b2, b3, b4, b5 = B(200), B(200), B(150), B(80), B(6)
theta = [w1, w2, w3, w4, w5, b1, b2, b3, b4, b5]

def f(x):
    a = tf.nn.relu(x @ w1 + b1)
    a = tf.nn.relu(a @ w2 + b2)
    a = tf.nn.relu(a @ w3 + b3)
    a = tf.nn.relu(a @ w4 + b4)
    return a @ w5 + b5

for t in range(600):
    i = rng.integers(0, len(x_tr), 64)
    with tf.GradientTape() as g:
        L = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y_tr[i], f(x_tr[i])))
    for p, d in zip(theta, g.gradient(L, theta)):
        p.assign_sub(0.02 * d)
    if t % 100 == 0:
        print(t, L.numpy())

print("test accuracy", (f(x_te).numpy().argmax(1) == y_te).mean())
