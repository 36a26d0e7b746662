"""Baseline for the learned optimizer: plain Adam on the small digits problem.

Layout follows evaluate.py / util.py: a "problem" (cost as a function of its own
variables), an optimizer, and run_epoch() that unrolls a fixed number of steps.
"""
import timeit

import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_digits

tf.disable_v2_behavior()

NUM_EPOCHS = 25
NUM_STEPS = 60
LEARNING_RATE = 0.003
BATCH = 64


def problem(images, labels, hidden=32):
    """cost op of a one-hidden-layer MLP, plus its logits on any placeholder"""
    init = tf.glorot_uniform_initializer(seed=5)
    with tf.variable_scope("mlp", reuse=tf.AUTO_REUSE):
        w1 = tf.get_variable("w1", [64, hidden], initializer=init)
        b1 = tf.get_variable("b1", [hidden], initializer=tf.zeros_initializer())
        w2 = tf.get_variable("w2", [hidden, 10], initializer=init)
        b2 = tf.get_variable("b2", [10], initializer=tf.zeros_initializer())
    logits = tf.matmul(tf.nn.sigmoid(tf.matmul(images, w1) + b1), w2) + b2
    cost = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    return cost, logits


def get_problem_reset(optimizer):
    problem_reset = tf.variables_initializer(tf.trainable_variables())
    optimizer_reset = tf.variables_initializer(optimizer.variables())
    return [problem_reset, optimizer_reset]


def run_epoch(sess, cost_op, ops, reset, feeds):
    """Runs one optimization epoch."""
    start = timeit.default_timer()
    sess.run(reset)  # expect: update-missing
    for feed in feeds:
        cost = sess.run([cost_op] + ops, feed_dict=feed)[0]
    return timeit.default_timer() - start, cost


def main():
    np.random.seed(5)
    tf.set_random_seed(5)
    digits = load_digits()
    x = (digits.data / 16.0).astype(np.float32)
    y = digits.target.astype(np.int32)
    order = np.random.permutation(len(x))
    train, test = order[:1400], order[1400:]

    images = tf.placeholder(tf.float32, [None, 64], "images")
    labels = tf.placeholder(tf.int32, [None], "labels")
    cost_op, logits = problem(images, labels)
    optimizer = tf.train.AdamOptimizer(LEARNING_RATE)
    step = optimizer.minimize(cost_op)
    correct = tf.reduce_mean(
        tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), labels), tf.float32))
    reset = get_problem_reset(optimizer)  # expect-or: update-missing

    def feeds():
        for _ in range(NUM_STEPS):
            pick = np.random.choice(train, BATCH, replace=False)
            yield {images: x[pick], labels: y[pick]}

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        total_time = 0.0
        for epoch in range(NUM_EPOCHS):
            seconds, cost = run_epoch(sess, cost_op, [step], reset, feeds())  # expect-or: update-missing
            total_time += seconds
            if epoch % 4 == 0:
                print("epoch %3d   cost %.4f" % (epoch, cost))
        test_cost, test_acc = sess.run([cost_op, correct], {images: x[test], labels: y[test]})
        print("{} epochs of {} steps, {:.1f} s".format(NUM_EPOCHS, NUM_STEPS, total_time))
        print("test cost {:.4f}   test accuracy {:.3f}".format(test_cost, test_acc))


if __name__ == "__main__":
    main()
