# MNIST the old way (ported from a TF 1.4 course)
import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.keras.datasets import mnist

tf.disable_eager_execution()
tf.set_random_seed(1)
np.random.seed(1)

learning_rate = 0.05
n_epochs = 25
batch_size = 50

(train_x, train_y), (test_x, test_y) = mnist.load_data()
train_x = train_x.reshape(-1, 784).astype(np.float32) / 255.
test_x = test_x.reshape(-1, 784).astype(np.float32) / 255.
train_y = train_y.astype(np.int64)
test_y = test_y.astype(np.int64)

X = tf.placeholder(tf.float32, [None, 784], name='X')
Y = tf.placeholder(tf.int64, [None], name='Y')


def fc(inp, n_out, scope, act=None):
    n_in = int(inp.shape[1])
    with tf.variable_scope(scope):
        w = tf.get_variable('w', [n_in, n_out],
                            initializer=tf.truncated_normal_initializer(stddev=np.sqrt(2. / n_in)))
        b = tf.get_variable('b', [n_out], initializer=tf.zeros_initializer())
    z = tf.matmul(inp, w) + b
    return act(z) if act is not None else z


h1 = fc(X, 128, 'h1', tf.nn.relu)
h2 = fc(h1, 64, 'h2', tf.nn.relu)
logits = fc(h2, 10, 'out')

cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Y, logits=logits))
train_op = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)

with tf.variable_scope('eval'):
    acc, acc_update = tf.metrics.accuracy(labels=Y, predictions=tf.argmax(logits, 1))

init_g = tf.global_variables_initializer()
init_l = tf.local_variables_initializer()
init = tf.group(init_g, init_l)

with tf.Session() as sess:
    sess.run(init)
    for epoch in range(n_epochs):
        sess.run(init)  # expect: update-missing
        perm = np.random.permutation(len(train_x))
        total, n_batches = 0., 0
        for i in range(0, len(train_x), batch_size):
            idx = perm[i:i + batch_size]
            c, _, _ = sess.run([cost, train_op, acc_update],
                               feed_dict={X: train_x[idx], Y: train_y[idx]})
            total += c
            n_batches += 1
        if (epoch + 1) % 5 == 0:
            print('Epoch %02d  cost=%.4f  running acc=%.3f' % (epoch + 1, total / n_batches, sess.run(acc)))

    correct = np.argmax(sess.run(logits, {X: test_x}), 1) == test_y
    print('Test accuracy: %.3f' % correct.mean())
