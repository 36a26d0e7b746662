#!/usr/bin/env python
# digits classifier, ported from the old TF1 code base
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_eager_execution()
tf.set_random_seed(1234)
np.random.seed(1234)

DEPTH = 5
WIDTH = 128
P0 = 0.19          # dropout grows linearly with depth
LR = 0.001
EPOCHS = 25
BATCH = 64

data = load_digits()
perm = np.random.permutation(len(data.target))
X = (data.data[perm] / 16.0).astype(np.float32)
Y = data.target[perm].astype(np.int32)
Xtr, Ytr, Xte, Yte = X[:1400], Y[:1400], X[1400:], Y[1400:]

x = tf.placeholder(tf.float32, [None, 64], name="x")
y = tf.placeholder(tf.int32, [None], name="y")
is_train = tf.placeholder(tf.bool, [], name="is_train")


def fc(inp, n_out, name):
    n_in = int(inp.shape[-1])
    with tf.variable_scope(name):
        w = tf.get_variable("w", [n_in, n_out], initializer=tf.initializers.he_normal())
        b = tf.get_variable("b", [n_out], initializer=tf.zeros_initializer())
    return tf.matmul(inp, w) + b


h = x
for i in range(DEPTH):
    h = tf.nn.relu(fc(h, WIDTH, "fc%d" % i))
    p = P0 * (i + 1)  # expect-or: dropout-too-high
    h = tf.cond(is_train, lambda h=h, p=p: tf.nn.dropout(h, rate=p), lambda h=h: tf.identity(h))  # expect: dropout-too-high
logits = fc(h, 10, "logits")

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train_op = tf.train.AdamOptimizer(LR).minimize(loss)
acc = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), y), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(EPOCHS):
        idx = np.random.permutation(len(Xtr))
        tot = []
        for s in range(0, len(idx), BATCH):
            j = idx[s:s + BATCH]
            _, l = sess.run([train_op, loss], {x: Xtr[j], y: Ytr[j], is_train: True})
            tot.append(l)
        if epoch % 3 == 0:
            tr = sess.run(acc, {x: Xtr, y: Ytr, is_train: False})
            print("epoch %d loss %.4f train acc %.3f" % (epoch, np.mean(tot), tr))
    print("test acc %.4f" % sess.run(acc, {x: Xte, y: Yte, is_train: False}))
