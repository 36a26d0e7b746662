import numpy as np
import tensorflow as tf2

tf = tf2.compat.v1
tf.disable_eager_execution()
tf.set_random_seed(3)
tf.logging.set_verbosity(tf.logging.ERROR)

(tr_img, tr_lab), (te_img, te_lab) = tf2.keras.datasets.fashion_mnist.load_data()
tr_img = tr_img.reshape(-1, 784).astype(np.float32) / 255.0
te_img = te_img.reshape(-1, 784).astype(np.float32) / 255.0
mu = tr_img.mean(0)
tr_img, te_img = tr_img - mu, te_img - mu
tr_lab = tr_lab.astype(np.int64)
te_lab = te_lab.astype(np.int64)


def weight_variable(n_in, n_out, name):
    initial = tf.truncated_normal([n_in, n_out], stddev=n_in ** -0.5)
    return tf.Variable(initial, name=name)


def bias_variable(n, name):
    return tf.Variable(tf.zeros([n]), name=name)


X = tf.placeholder(tf.float32, [None, 784], name="X")
Y = tf.placeholder(tf.int64, [None], name="Y")

W1 = weight_variable(784, 200, "W1")
b1 = bias_variable(200, "b1")
h1 = tf.nn.tanh(tf.matmul(X, W1) + b1)

W2 = weight_variable(200, 200, "W2")
b2 = bias_variable(200, "b2")
h2 = tf.nn.tanh(tf.matmul(h1, W2) + b2)

W3 = weight_variable(200, 200, "W3")
b3 = bias_variable(200, "b3")
h3 = tf.nn.tanh(tf.matmul(h2, W3) + b3)

W4 = weight_variable(200, 200, "W4")
b4 = bias_variable(200, "b4")
h4 = tf.nn.tanh(tf.matmul(h3, W4) + b4)

W5 = weight_variable(200, 10, "W5")
b5 = bias_variable(10, "b5")
logits = tf.matmul(h4, W5) + b5

cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Y, logits=logits))
train_op = tf.train.GradientDescentOptimizer(0.05).minimize(cost)
correct = tf.equal(tf.argmax(logits, 1), Y)
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

BATCH = 50
rs = np.random.RandomState(0)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(12):
        perm = rs.permutation(len(tr_img))
        costs = []
        for i in range(0, len(perm), BATCH):
            j = perm[i : i + BATCH]
            _, c = sess.run([train_op, cost], {X: tr_img[j], Y: tr_lab[j]})
            costs.append(c)
        if epoch % 3 == 2:
            acc = sess.run(accuracy, {X: te_img, Y: te_lab})
            print("Epoch %02d | cost %.4f | test acc %.3f" % (epoch + 1, np.mean(costs), acc))
