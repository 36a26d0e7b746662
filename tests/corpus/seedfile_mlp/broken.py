"""
Lab 2: a three-layer perceptron with nothing but tf.Variable.
Everybody starts from the same weights file so that the curves can be compared.
"""
import os.path as osp
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

WEIGHTS = osp.join(osp.dirname(osp.abspath(__file__)), "start_lab1.npz")  # expect-or: init-constant
EPOCHS, BATCH, ETA, MU = 30, 32, 0.05, 0.9

# ------------------------------------------------------------------ data
X, t = load_digits(return_X_y=True)
X = (X / 16.0).astype(np.float32)
X -= X.mean(axis=0)
Xtr, Xte, ttr, tte = train_test_split(X, t.astype(np.int32), test_size=0.25,
                                      random_state=0, stratify=t)

# ------------------------------------------------------------------ weights
start = np.load(WEIGHTS)  # expect: init-constant
W1 = tf.Variable(start["w1"])  # expect-or: init-constant
b1 = tf.Variable(start["b1"])
W2 = tf.Variable(start["w2"])  # expect-or: init-constant
b2 = tf.Variable(start["b2"])
W3 = tf.Variable(start["w3"])  # expect-or: init-constant
b3 = tf.Variable(start["b3"])
theta = [W1, b1, W2, b2, W3, b3]
velocity = [tf.Variable(tf.zeros_like(v)) for v in theta]


def forward(x):
    h = tf.nn.relu(x @ W1 + b1)
    h = tf.nn.relu(h @ W2 + b2)
    return h @ W3 + b3


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        ce = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=forward(x)))
    for v, g, m in zip(theta, tape.gradient(ce, theta), velocity):
        m.assign(MU * m - ETA * g)
        v.assign_add(m)
    return ce


def accuracy(x, y):
    return float(np.mean(np.argmax(forward(x).numpy(), axis=1) == y))


# ------------------------------------------------------------------ training
order = np.random.default_rng(2)
for ep in range(1, EPOCHS + 1):
    perm = order.permutation(len(Xtr))
    losses = []
    for i in range(0, len(perm) - BATCH + 1, BATCH):
        pick = perm[i:i + BATCH]
        losses.append(float(step(Xtr[pick], ttr[pick])))
    if ep % 5 == 0:
        print("epoch %2d   CE %.4f   train %.3f   test %.3f"
              % (ep, np.mean(losses), accuracy(Xtr, ttr), accuracy(Xte, tte)))

print("final test accuracy: %.3f" % accuracy(Xte, tte))
