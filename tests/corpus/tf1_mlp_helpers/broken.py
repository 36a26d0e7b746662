# old course code (tensorflow 1.x), running it through compat.v1
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
from sklearn import datasets
from sklearn.preprocessing import OneHotEncoder

np.random.seed(42)
tf.set_random_seed(42)

digits = datasets.load_digits()
X = digits.data.astype(np.float32) / 16.
Y = np.eye(10)[digits.target]
perm = np.random.permutation(len(X))
X, Y = X[perm], Y[perm]
X_tr, Y_tr, X_te, Y_te = X[:1400], Y[:1400], X[1400:], Y[1400:]

n_input, n_hidden_1, n_hidden_2, n_classes = 64, 100, 50, 10
learning_rate = 0.003
batch_size = 100


def weight_variable(shape, name=None):
    initial = tf.constant(0.1, shape=shape)  # expect: init-constant
    return tf.Variable(initial, name=name)  # expect-or: init-constant


def bias_variable(shape, name=None):
    initial = tf.constant(0.1, shape=shape)
    return tf.Variable(initial, name=name)


x = tf.placeholder(tf.float32, [None, n_input])
y_ = tf.placeholder(tf.float32, [None, n_classes])
keep_prob = tf.placeholder(tf.float32)

with tf.name_scope('layer1'):
    W1 = weight_variable([n_input, n_hidden_1])  # expect-or: init-constant
    b1 = bias_variable([n_hidden_1])
    h1 = tf.nn.relu(tf.matmul(x, W1) + b1)
with tf.name_scope('layer2'):
    W2 = weight_variable([n_hidden_1, n_hidden_2])  # expect-or: init-constant
    b2 = bias_variable([n_hidden_2])
    h2 = tf.nn.relu(tf.matmul(h1, W2) + b2)
    # h2 = tf.nn.dropout(h2, keep_prob)
with tf.name_scope('out'):
    W3 = weight_variable([n_hidden_2, n_classes])  # expect-or: init-constant
    b3 = bias_variable([n_classes])
    logits = tf.matmul(h2, W3) + b3

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=logits))
train_op = tf.train.AdamOptimizer(learning_rate).minimize(cost)
correct = tf.equal(tf.argmax(logits, 1), tf.argmax(y_, 1))
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

init = tf.global_variables_initializer()
with tf.Session() as sess:
    sess.run(init)
    for epoch in range(30):
        avg_cost = 0.
        total_batch = len(X_tr) // batch_size
        p = np.random.permutation(len(X_tr))
        for i in range(total_batch):
            idx = p[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([train_op, cost], feed_dict={x: X_tr[idx], y_: Y_tr[idx], keep_prob: 0.8})
            avg_cost += c / total_batch
        if epoch % 3 == 0:
            print("Epoch:", '%04d' % (epoch + 1), "cost=", "{:.6f}".format(avg_cost),
                  "train acc", sess.run(accuracy, {x: X_tr, y_: Y_tr, keep_prob: 1.}))
    print("Optimization Finished!")
    print("Test accuracy:", sess.run(accuracy, feed_dict={x: X_te, y_: Y_te, keep_prob: 1.0}))
