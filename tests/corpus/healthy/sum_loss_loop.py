# TF1 habits: weights by hand, summed loss, plain gradient descent
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine

rs = np.random.RandomState(1)
tf.random.set_seed(1)

data, target = load_wine(return_X_y=True)
order = rs.permutation(len(data))
data, target = data[order], target[order]
ntr = 130
mu, sd = data[:ntr].mean(0), data[:ntr].std(0)
data = ((data - mu) / sd).astype(np.float32)
onehot = np.eye(3, dtype=np.float32)[target]
xtr, ytr, xte, yte = data[:ntr], onehot[:ntr], data[ntr:], onehot[ntr:]

H = 10
W1 = tf.Variable(tf.random.normal([13, H], stddev=0.3))
b1 = tf.Variable(tf.zeros([H]))
W2 = tf.Variable(tf.zeros([H, 3]))
b2 = tf.Variable(tf.zeros([3]))
params = [W1, b1, W2, b2]
RATE = 0.001


def forward(x):
    return tf.matmul(tf.tanh(tf.matmul(x, W1) + b1), W2) + b2


def accuracy(x, y):
    return float(np.mean(np.argmax(forward(x).numpy(), 1) == np.argmax(y, 1)))


for it in range(401):
    with tf.GradientTape() as tape:
        cost = tf.reduce_sum(
            tf.nn.softmax_cross_entropy_with_logits(labels=ytr, logits=forward(xtr)))
    for p, g in zip(params, tape.gradient(cost, params)):
        p.assign_sub(RATE * g)
    if it % 50 == 0:
        print("iter %4d  cost %9.3f  train %.3f  test %.3f" % (
            it, float(cost), accuracy(xtr, ytr), accuracy(xte, yte)))

print("final test accuracy: %.3f" % accuracy(xte, yte))
