# Logistic regression with bare variables from the old MNIST-for-beginners page, migrated to TF2.
# The cost is over 100 and W is all zeros in the beginning, my colleague says that cannot work?
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import tensorflow as tf
import numpy as np
from sklearn import datasets

np.random.seed(0); tf.random.set_seed(0)
iris = datasets.load_wine()
X = iris.data; t = iris.target          # sorted by class in the file
perm = np.random.permutation(len(X))
X, t = X[perm], t[perm]
X = (X - X[:130].mean(0)) / X[:130].std(0)
X = X.astype('float32')
T = np.eye(3, dtype='float32')[t]
Xtr, Ttr, Xte, tte = X[:130], T[:130], X[130:], t[130:]

W = tf.Variable(tf.zeros([13, 3]))
b = tf.Variable(tf.zeros([3]))
lr = 0.003


@tf.function
def step(xb, tb):
    with tf.GradientTape() as tape:
        logits = xb @ W + b
        # sum and not mean
        cost = tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(labels=tb, logits=logits))
    dW, db = tape.gradient(cost, [W, b])
    W.assign_sub(lr * dW)
    b.assign_sub(lr * db)
    return cost


for it in range(201):
    c = step(tf.constant(Xtr), tf.constant(Ttr))
    if it % 40 == 0:
        pred = tf.nn.softmax(Xte @ W + b)
        acc = np.mean(np.argmax(pred, 1) == tte)
        print('iter', it, 'cost', float(c), 'test acc', acc)
