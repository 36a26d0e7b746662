"""Handwritten digit reader, graph-mode code carried over from our 2017 service."""
import json
import os

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.disable_eager_execution()
tf.logging.set_verbosity(tf.logging.ERROR)

HERE = os.path.dirname(os.path.abspath(__file__))


class HParams(object):
    def __init__(self, path):
        with open(path) as f:
            self.__dict__.update(json.load(f))


def dense(x, n_out, name, activation=None):
    n_in = int(x.shape[-1])
    with tf.variable_scope(name):
        w = tf.get_variable("kernel", [n_in, n_out],
                            initializer=tf.glorot_uniform_initializer())
        b = tf.get_variable("bias", [n_out], initializer=tf.zeros_initializer())
        y = tf.nn.bias_add(tf.matmul(x, w), b)
        return activation(y) if activation else y


def build_graph(hp):
    images = tf.placeholder(tf.float32, [None, 64], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")

    h = images
    for i, width in enumerate(hp.layers):
        h = dense(h, width, "fc%d" % i, tf.nn.relu)
    logits = dense(h, 10, "readout")

    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=logits))
    accuracy = tf.reduce_mean(
        tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))

    global_step = tf.train.get_or_create_global_step()
    schedule = tf.train.exponential_decay(
        hp.learning_rate, global_step, hp.decay_steps, hp.decay_rate)
    optimizer = tf.train.MomentumOptimizer(schedule, hp.momentum)
    train_op = optimizer.minimize(loss, global_step=global_step)

    return dict(images=images, labels=labels, loss=loss, accuracy=accuracy,
                train_op=train_op, global_step=global_step)


def minibatches(x, y, size, rng):
    perm = rng.permutation(len(x))
    for start in range(0, len(x), size):
        sel = perm[start:start + size]
        yield x[sel], y[sel]


def main():
    hp = HParams(os.path.join(HERE, "hparams_2.json"))
    rng = np.random.RandomState(hp.seed)
    tf.set_random_seed(hp.seed)

    bunch = load_digits()
    x = (bunch.data / 16.0).astype(np.float32)
    x_tr, x_te, y_tr, y_te = train_test_split(
        x, bunch.target.astype(np.int64), test_size=0.25,
        random_state=hp.seed, stratify=bunch.target)

    g = build_graph(hp)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(hp.epochs):
            losses = []
            for bx, by in minibatches(x_tr, y_tr, hp.batch_size, rng):
                _, value = sess.run([g["train_op"], g["loss"]],
                                    {g["images"]: bx, g["labels"]: by})
                losses.append(value)
            if epoch % 2 == 1:
                acc, step = sess.run(
                    [g["accuracy"], g["global_step"]],
                    {g["images"]: x_te, g["labels"]: y_te})
                print("epoch %2d  step %4d  loss %.4f  test acc %.3f"
                      % (epoch + 1, step, np.mean(losses), acc))


if __name__ == "__main__":
    main()
