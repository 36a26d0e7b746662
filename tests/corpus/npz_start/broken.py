# two hidden layers, plain variables; starting point comes from a file so runs are comparable
import pathlib, numpy as np, tensorflow as tf
from sklearn.datasets import load_digits

START = "start_0.npz"  # expect-or: init-constant
start = np.load(pathlib.Path(__file__).parent / START)  # expect-or: init-constant

X, Y = load_digits(return_X_y=True)
X = np.float32(X / 16)
Y = np.int32(Y)
perm = np.random.default_rng(3).permutation(len(X))
X, Y = X[perm], Y[perm]
Xtr, Ytr, Xte, Yte = X[:1400], Y[:1400], X[1400:], Y[1400:]

w1 = tf.Variable(start["w1"])  # expect: init-constant
b1 = tf.Variable(start["b1"])
w2 = tf.Variable(start["w2"])  # expect-or: init-constant
b2 = tf.Variable(start["b2"])
w3 = tf.Variable(start["w3"])  # expect-or: init-constant
b3 = tf.Variable(start["b3"])
theta = [w1, b1, w2, b2, w3, b3]


def forward(x):
    h = tf.nn.relu(x @ w1 + b1)  # expect-or: init-constant
    h = tf.nn.relu(h @ w2 + b2)  # expect-or: init-constant
    return h @ w3 + b3  # expect-or: init-constant


lr = 0.15
rng = np.random.default_rng(8)
for it in range(1200):
    i = rng.integers(0, len(Xtr), 64)
    with tf.GradientTape() as t:
        L = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Ytr[i], logits=forward(Xtr[i])))
    for v, d in zip(theta, t.gradient(L, theta)):
        v.assign_sub(lr * d)
    if it % 200 == 0:
        print(it, round(float(L), 4))

print("test accuracy", np.mean(np.argmax(forward(Xte), 1) == Yte).round(4))
