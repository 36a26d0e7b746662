import numpy as np
import tensorflow as tf
import keras

tf1 = tf.compat.v1
tf1.disable_eager_execution()
tf1.set_random_seed(1)

(images, digit), (t_images, t_digit) = keras.datasets.mnist.load_data()
images = images[:2000].reshape(-1, 784) / 255.0
digit = np.eye(10)[digit[:2000]]
t_images = t_images[:500].reshape(-1, 784) / 255.0
t_digit = np.eye(10)[t_digit[:500]]

batch_size = 100
n_epochs = 25
lr = 0.02

X = tf1.placeholder(tf.float32, [None, 784])
T = tf1.placeholder(tf.float32, [None, 10])


def fc(x, n_in, n_out, act=None):
    W = tf1.Variable(tf1.truncated_normal([n_in, n_out], stddev=1.0 / np.sqrt(n_in)))
    b = tf1.Variable(tf.zeros([n_out]))
    y = tf.matmul(x, W) + b
    return act(y) if act is not None else y


h1 = fc(X, 784, 128, tf.nn.relu)
h2 = fc(h1, 128, 64, tf.nn.relu)
logits = fc(h2, 64, 10)

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=T, logits=logits))
train_op = tf1.train.MomentumOptimizer(lr, 0.5).minimize(cost)
hit = tf.equal(tf.argmax(logits, 1), tf.argmax(T, 1))
accuracy = tf.reduce_mean(tf.cast(hit, tf.float32))
init = tf1.global_variables_initializer()


def one_pass(sess, xs, ts):
    perm = np.random.permutation(len(xs))
    total = 0.0
    for i in range(0, len(xs), batch_size):
        k = perm[i:i + batch_size]
        _, c = sess.run([train_op, cost], feed_dict={X: xs[k], T: ts[k]})
        total += c
    return total / (len(xs) // batch_size)


with tf1.Session() as sess:
    sess.run(init)
    for epoch in range(n_epochs):
        c = one_pass(sess, images, digit)
        if epoch % 4 == 0:
            a = sess.run(accuracy, feed_dict={X: t_images, T: t_digit})
            print("Epoch:", "%02d" % epoch, "cost = {:.4f}".format(c), "test acc = {:.3f}".format(a))
    print("final test acc", sess.run(accuracy, feed_dict={X: t_images, T: t_digit}))
