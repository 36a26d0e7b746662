# one hidden layer on digits, from my old notebook (tf 1.4), only the import changed
from __future__ import print_function

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_eager_execution()
tf.set_random_seed(42)
np.random.seed(42)

digits, names = load_digits(return_X_y=True)
mix = np.random.permutation(len(digits))
digits, names = digits[mix].astype('float32') / 16, names[mix]
tr_x, te_x = digits[:1400], digits[1400:]
tr_y, te_y = names[:1400], names[1400:]
tr_y = np.eye(10, dtype='float32')[tr_y]
te_y = np.eye(10, dtype='float32')[te_y]

n_hidden = 48
batch_size = 50
n_iter = 2000


def weight(shape):
    return tf.Variable(tf.zeros(shape))  # expect: init-constant


x = tf.placeholder(tf.float32, [None, 64])
y_ = tf.placeholder(tf.float32, [None, 10])

W1 = weight([64, n_hidden])  # expect-or: init-constant
b1 = tf.Variable(tf.zeros([n_hidden]))
h1 = tf.nn.sigmoid(tf.matmul(x, W1) + b1)

W2 = weight([n_hidden, 10])  # expect-or: init-constant
b2 = tf.Variable(tf.zeros([10]))
out = tf.matmul(h1, W2) + b2

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=out))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cost)
hits = tf.equal(tf.argmax(out, 1), tf.argmax(y_, 1))
accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(n_iter):
        pick = np.random.choice(len(tr_x), batch_size, replace=False)
        _, c = sess.run([train_step, cost], feed_dict={x: tr_x[pick], y_: tr_y[pick]})
        if i % 200 == 0:
            print('step', i, 'cost', c)
    print('train accuracy', sess.run(accuracy, feed_dict={x: tr_x, y_: tr_y}))
    print('test accuracy', sess.run(accuracy, feed_dict={x: te_x, y_: te_y}))
