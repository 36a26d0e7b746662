# Two layer network on the 8x8 digits, written for TF 1.x years ago and kept alive.
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.disable_eager_execution()
SEED = 3
tf.set_random_seed(SEED)
rng = np.random.RandomState(SEED)

data = load_digits()
images = data.data.astype(np.float32) / 16.0
onehot = np.eye(10, dtype=np.float32)[data.target]
trX, teX, trY, teY = train_test_split(images, onehot, test_size=0.25, random_state=0, stratify=data.target)

X = tf.placeholder(tf.float32, [None, 64])
Y = tf.placeholder(tf.float32, [None, 10])
keep = tf.placeholder_with_default(1.0, shape=())

n_hidden = 64
w1 = tf.Variable(tf.truncated_normal([64, n_hidden], stddev=np.sqrt(2.0 / 64)))
b1 = tf.Variable(tf.zeros([n_hidden]))
w2 = tf.Variable(tf.truncated_normal([n_hidden, 10], stddev=np.sqrt(1.0 / n_hidden)))
b2 = tf.Variable(tf.zeros([10]))

h = tf.nn.dropout(tf.nn.relu(tf.matmul(X, w1) + b1), rate=1.0 - keep)
logits = tf.matmul(h, w2) + b2
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=Y, logits=logits))
train_op = tf.train.MomentumOptimizer(0.05, 0.9).minimize(cost)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1)), tf.float32))

batch_size, n_epochs = 50, 40
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(n_epochs):
        order = rng.permutation(len(trX))
        costs = []
        for start in range(0, len(trX), batch_size):
            idx = order[start:start + batch_size]
            _, c = sess.run([train_op, cost], {X: trX[idx], Y: trY[idx], keep: 0.8})
            costs.append(c)
        if epoch % 5 == 4:
            print("epoch %2d  cost %.4f" % (epoch + 1, np.mean(costs)))
    tr, te = sess.run(accuracy, {X: trX, Y: trY}), sess.run(accuracy, {X: teX, Y: teY})
    print("train accuracy %.3f" % tr)
    print("test accuracy %.3f" % te)
