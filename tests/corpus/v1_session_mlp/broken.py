"""Course exercise 3 (graph and session), ported to run under TensorFlow 2."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

v1 = tf.compat.v1
v1.disable_eager_execution()
v1.set_random_seed(12)
rng = np.random.default_rng(12)

KEEP_PROB = 0.9  # expect-or: dropout-too-high
LAYERS = [64, 48, 48, 32, 10]

digits = load_digits()
data = (digits.data / 16.0).astype("float32")
onehot = np.eye(10, dtype="float32")[digits.target]
perm = rng.permutation(len(data))
data, onehot = data[perm], onehot[perm]
x_train, t_train, x_test, t_test = data[:1400], onehot[:1400], data[1400:], onehot[1400:]

X = v1.placeholder(tf.float32, [None, 64], name="X")
T = v1.placeholder(tf.float32, [None, 10], name="T")


def mlp(x, is_training):
    h = x
    with v1.variable_scope("mlp", reuse=v1.AUTO_REUSE):
        for k, (n_in, n_out) in enumerate(zip(LAYERS[:-1], LAYERS[1:])):
            w = v1.get_variable(f"w{k}", [n_in, n_out], initializer=v1.glorot_uniform_initializer(seed=k))
            b = v1.get_variable(f"b{k}", [n_out], initializer=v1.zeros_initializer())
            h = tf.matmul(h, w) + b
            if n_out != LAYERS[-1]:
                h = tf.nn.relu(h)
                if is_training:
                    h = tf.nn.dropout(h, KEEP_PROB)  # expect: dropout-too-high
    return h


train_logits = mlp(X, is_training=True)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=T, logits=train_logits))
train_op = v1.train.AdamOptimizer(2e-3).minimize(cost)

logits = mlp(X, is_training=False)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(T, 1)), tf.float32))

with v1.Session() as sess:
    sess.run(v1.global_variables_initializer())
    for epoch in range(30):
        order = rng.permutation(len(x_train))
        costs = []
        for i in range(0, len(order), 50):
            b = order[i:i + 50]
            c, _ = sess.run([cost, train_op], feed_dict={X: x_train[b], T: t_train[b]})
            costs.append(c)
        if epoch % 5 == 4:
            acc = sess.run(accuracy, feed_dict={X: x_train, T: t_train})
            print(f"epoch {epoch + 1:2d}  cost {np.mean(costs):.4f}  train accuracy {acc:.3f}")
    test_acc = sess.run(accuracy, feed_dict={X: x_test, T: t_test})
print(f"test accuracy {test_acc:.3f}")
