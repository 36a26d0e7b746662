# two moons, a TF 1 graph: dropout by a placeholder, weight decay, staircase rate, evaluation by a saver's copy
import os
import tempfile

import numpy as np
import tensorflow.compat.v1 as tf1
tf1.disable_v2_behavior()
tf1.set_random_seed(31); rs = np.random.RandomState(31)

def moons(n):
    t = rs.rand(n) * np.pi; side = rs.randint(0, 2, n)
    x = np.where(side[:, None] == 0, np.c_[np.cos(t), np.sin(t)], np.c_[1 - np.cos(t), 0.5 - np.sin(t)])
    return (x + 0.1 * rs.randn(n, 2)).astype(np.float32), side.astype(np.float32)[:, None]

keep = tf1.placeholder_with_default(1.0, [])
xs = tf1.placeholder(tf1.float32, [None, 2]); ts = tf1.placeholder(tf1.float32, [None, 1])
w = [tf1.get_variable("w%d" % i, s, initializer=tf1.variance_scaling_initializer(2.0)) for i, s in enumerate([(2, 64), (64, 64), (64, 1)])]
b = [tf1.get_variable("b%d" % i, [n], initializer=tf1.zeros_initializer()) for i, n in enumerate([64, 64, 1])]
h = xs
for i in (0, 1):
    h = tf1.nn.dropout(tf1.nn.relu(tf1.matmul(h, w[i]) + b[i]), keep_prob=keep)
score = tf1.matmul(h, w[2]) + b[2]
data_loss = tf1.reduce_mean(tf1.nn.sigmoid_cross_entropy_with_logits(labels=ts, logits=score))
loss = data_loss + 1e-4 * sum(tf1.nn.l2_loss(one) for one in w)
count = tf1.train.create_global_step()
rate = tf1.train.piecewise_constant(count, [400], [0.01, 0.002])
go = tf1.train.AdamOptimizer(rate).minimize(loss, global_step=count)
right = tf1.reduce_mean(tf1.cast(tf1.equal(score > 0, ts > 0.5), tf1.float32))
saver = tf1.train.Saver()
X, T = moons(800); XT, TT = moons(400)
with tempfile.TemporaryDirectory() as folder:
    with tf1.Session() as sess:
        sess.run(tf1.global_variables_initializer())
        for _ in range(600):
            i = rs.randint(0, 800, 40)
            sess.run([go], {xs: X[i], ts: T[i], keep: 0.8})
        saver.save(sess, os.path.join(folder, "net"))
    with tf1.Session() as sess:
        saver.restore(sess, os.path.join(folder, "net"))
        print("accuracy", sess.run(right, {xs: XT, ts: TT}))
