# Digits baseline, graph mode, kept running through the compat module.
from __future__ import print_function

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_eager_execution()

FLAGS = {
    "hidden": 40,
    "learning_rate": 0.03,
    "momentum": 0.9,
    "batch": 64,
    "epochs": 20,
    "seed": 7,
}


def load():
    d = load_digits()
    x = (d.images.reshape(len(d.images), -1) / 16.0 - 0.3).astype(np.float32)
    y = d.target.astype(np.int64)
    perm = np.random.RandomState(FLAGS["seed"]).permutation(len(x))
    x, y = x[perm], y[perm]
    return (x[:1400], y[:1400]), (x[1400:], y[1400:])


def dense(inputs, n_out, scope, nonlinearity=None):
    with tf.variable_scope(scope):
        n_in = int(inputs.shape[-1])
        w = tf.get_variable("w", [n_in, n_out], initializer=tf.glorot_uniform_initializer(seed=FLAGS["seed"]))
        b = tf.get_variable("b", [n_out], initializer=tf.zeros_initializer())
        z = tf.matmul(inputs, w) + b
        return nonlinearity(z) if nonlinearity is not None else z


def batches(x, y, size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x) - size + 1, size):
        j = order[i:i + size]
        yield x[j], y[j]


def main():
    tf.set_random_seed(FLAGS["seed"])
    (x_train, y_train), (x_test, y_test) = load()

    images = tf.placeholder(tf.float32, [None, 64], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")

    h = dense(images, FLAGS["hidden"], "hidden1", tf.nn.relu)
    h = dense(h, FLAGS["hidden"], "hidden2", tf.nn.relu)
    logits = dense(h, 10, "logits")
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    step = tf.train.get_or_create_global_step()
    train_op = tf.train.MomentumOptimizer(
        FLAGS["learning_rate"], FLAGS["momentum"]).minimize(loss, global_step=step)

    predictions = tf.argmax(logits, 1)
    accuracy, accuracy_update = tf.metrics.accuracy(labels, predictions, name="streaming")
    mean_loss, mean_loss_update = tf.metrics.mean(loss, name="streaming_loss")
    init = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
    reset = tf.local_variables_initializer()

    rng = np.random.RandomState(FLAGS["seed"])
    with tf.Session() as sess:
        sess.run(init)
        for epoch in range(FLAGS["epochs"]):
            sess.run(reset)
            for bx, by in batches(x_train, y_train, FLAGS["batch"], rng):
                sess.run([train_op, accuracy_update, mean_loss_update],
                         feed_dict={images: bx, labels: by})
            tr_acc, tr_loss = sess.run([accuracy, mean_loss])

            sess.run(reset)
            for i in range(0, len(x_test), 100):
                sess.run([accuracy_update, mean_loss_update],
                         feed_dict={images: x_test[i:i + 100], labels: y_test[i:i + 100]})
            te_acc, te_loss = sess.run([accuracy, mean_loss])
            print("epoch %2d | train loss %.4f acc %.4f | test loss %.4f acc %.4f"
                  % (epoch + 1, tr_loss, tr_acc, te_loss, te_acc))
        print("done after %d epochs, test accuracy %.4f" % (FLAGS["epochs"], te_acc))


if __name__ == "__main__":
    main()
