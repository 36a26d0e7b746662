# Kept from 2017, runs through the compat module
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.disable_v2_behavior()
tf.set_random_seed(0)
np.random.seed(0)

digits = load_digits()
X_train, X_test, Y_train, Y_test = train_test_split((digits.data / 16.0).astype(np.float32), np.eye(10, dtype=np.float32)[digits.target], test_size=0.3, random_state=0)

# Parameters
learning_rate = 0.005
training_epochs = 25
batch_size = 50
n_hidden = 48

x = tf.placeholder("float", [None, 64])
y = tf.placeholder("float", [None, 10])
keep_prob = tf.placeholder_with_default(1.0, shape=())

weights = {"h1": tf.Variable(tf.random_normal([64, n_hidden], stddev=np.sqrt(2.0 / 64))),
           "out": tf.Variable(tf.random_normal([n_hidden, 10], stddev=np.sqrt(1.0 / n_hidden)))}
biases = {"b1": tf.Variable(tf.zeros([n_hidden])), "out": tf.Variable(tf.zeros([10]))}


def multilayer_perceptron(x):
    layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights["h1"]), biases["b1"]))
    layer_1 = tf.nn.dropout(layer_1, rate=1 - keep_prob)
    return tf.matmul(layer_1, weights["out"]) + biases["out"]


logits = multilayer_perceptron(x)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=y))
train_op = tf.train.AdamOptimizer(learning_rate=learning_rate).minimize(cost)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(y, 1)), "float"))
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for epoch in range(training_epochs):
        perm = np.random.permutation(len(X_train))
        avg_cost = 0.0
        total_batch = len(X_train) // batch_size
        for i in range(total_batch):
            take = perm[i * batch_size:(i + 1) * batch_size]
            _, c = sess.run([train_op, cost], feed_dict={x: X_train[take], y: Y_train[take], keep_prob: 0.7})
            avg_cost += c / total_batch
        if epoch % 5 == 4:
            tc, ta = sess.run([cost, accuracy], feed_dict={x: X_test, y: Y_test})
            print("Epoch:", "%04d" % (epoch + 1), "cost={:.4f}".format(avg_cost), "test cost={:.4f} acc={:.4f}".format(tc, ta))
    print("Optimization Finished!")
