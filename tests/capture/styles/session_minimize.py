"""A graph of tf.compat.v1, run by a session: placeholders, reference variables, minimize."""

import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()

np.random.seed(12)
tf.set_random_seed(12)
X = np.random.randn(2000, 10).astype(np.float32)
Wt = np.random.randn(10, 4)
lab = (X @ Wt).argmax(1)
Y = np.eye(4, dtype=np.float32)[lab]

x = tf.placeholder(tf.float32, [None, 10], name='x')
y_ = tf.placeholder(tf.float32, [None, 4], name='y_')
w1 = tf.Variable(tf.truncated_normal([10, 32], stddev=0.3), name='w1')
b1 = tf.Variable(tf.constant(0.1, shape=[32]), name='b1')
w2 = tf.Variable(tf.truncated_normal([32, 4], stddev=0.2), name='w2')
b2 = tf.Variable(tf.zeros([4]), name='b2')
h = tf.nn.relu(tf.matmul(x, w1) + b1)
logits = tf.matmul(h, w2) + b2
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=logits))
train_op = tf.train.AdamOptimizer(0.01).minimize(cost)
acc = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(y_, 1)), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(60):
        idx = np.random.randint(0, 2000, 64)
        _, c = sess.run([train_op, cost], feed_dict={x: X[idx], y_: Y[idx]})
        if step % 30 == 0 or step == 59:
            print(step, repr(float(c)), repr(float(sess.run(acc, {x: X, y_: Y}))))
    print(repr([float(v.sum()) for v in sess.run([w1, b1, w2, b2])]))
