# Three cultivars of wine, graph-mode network with batch normalisation.
# (Ported from the group's old 1.x code base.)
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine

tf1 = tf.compat.v1
tf1.disable_eager_execution()
tf1.set_random_seed(6)
rs = np.random.RandomState(6)

wine = load_wine()
order = rs.permutation(len(wine.target))
data, target = wine.data[order].astype('float32'), wine.target[order]
tr, te = slice(0, 128), slice(128, None)
mu, sd = data[tr].mean(0), data[tr].std(0)
data = (data - mu) / sd

x_ph = tf1.placeholder(tf.float32, [None, 13], 'x')
y_ph = tf1.placeholder(tf.int64, [None], 'y')
training = tf1.placeholder_with_default(True, [], 'training')


def dense(x, n_out, name):
    with tf1.variable_scope(name):
        n_in = int(x.shape[1])
        w = tf1.get_variable('w', [n_in, n_out],
                             initializer=tf1.random_normal_initializer(stddev=np.sqrt(2.0 / n_in)))
        b = tf1.get_variable('b', [n_out], initializer=tf1.zeros_initializer())
        return tf.matmul(x, w) + b


def norm(x, name, decay=0.9):
    with tf1.variable_scope(name):
        n = int(x.shape[1])
        gamma = tf1.get_variable('gamma', [n], initializer=tf1.ones_initializer())
        beta = tf1.get_variable('beta', [n], initializer=tf1.zeros_initializer())
        run_mean = tf1.get_variable('run_mean', [n], initializer=tf1.zeros_initializer(), trainable=False)
        run_var = tf1.get_variable('run_var', [n], initializer=tf1.ones_initializer(), trainable=False)
        mean, var = tf.nn.moments(x, [0])
        tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS,
                              tf1.assign(run_mean, decay * run_mean + (1 - decay) * mean))
        tf1.add_to_collection(tf1.GraphKeys.UPDATE_OPS,
                              tf1.assign(run_var, decay * run_var + (1 - decay) * var))
        m = tf.where(training, mean, run_mean)
        v = tf.where(training, var, run_var)
        return tf.nn.batch_normalization(x, m, v, beta, gamma, 1e-3)


net = tf.nn.relu(norm(dense(x_ph, 24, 'fc1'), 'bn1'))
net = tf.nn.relu(norm(dense(net, 12, 'fc2'), 'bn2'))
logits = dense(net, 3, 'out')
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_ph, logits=logits))
cultivar = tf.argmax(logits, 1)

with tf.control_dependencies(tf1.get_collection(tf1.GraphKeys.UPDATE_OPS)):
    train_op = tf1.train.MomentumOptimizer(0.03, 0.9).minimize(loss)

with tf1.Session() as sess:
    sess.run(tf1.global_variables_initializer())
    for epoch in range(1, 41):
        idx = rs.permutation(128)
        seen = []
        for k in range(0, 128, 32):
            part = idx[k:k + 32]
            _, c = sess.run([train_op, loss], {x_ph: data[tr][part], y_ph: target[tr][part], training: True})
            seen.append(c)
        if epoch % 8 == 0:
            print('epoch %d: loss %.4f' % (epoch, np.mean(seen)))

    # bottles come to the lab one by one
    right = 0
    bottles = list(zip(data[te], target[te]))
    for row, label in bottles:
        guess = sess.run(cultivar, {x_ph: row[None, :], training: False})
        right += int(guess[0] == label)
    print('bottles classified correctly: %d of %d (%.3f)' % (right, len(bottles), right / len(bottles)))
