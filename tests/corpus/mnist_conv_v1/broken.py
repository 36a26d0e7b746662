import os, sys
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_eager_execution()

flags = tf.app.flags
flags.DEFINE_integer('batch_size', 50, 'images per step')
flags.DEFINE_integer('epochs', 8, 'passes over the images')
flags.DEFINE_float('lr', 0.05, 'learning rate')
FLAGS = flags.FLAGS


def weight_variable(shape, name):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.1, seed=17))


def bias_variable(shape, name):
    return tf.get_variable(name, shape, initializer=tf.constant_initializer(0.1))


def mnist_conv(x):
    with tf.variable_scope('layer1'):
        w = weight_variable([5, 5, 1, 12], 'weight')
        h = tf.nn.relu(tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding='SAME') + bias_variable([12], 'bias'))
    with tf.variable_scope('layer2'):
        w = weight_variable([3, 3, 12, 24], 'weight')
        h = tf.nn.relu(tf.nn.conv2d(h, w, strides=[1, 2, 2, 1], padding='SAME') + bias_variable([24], 'bias'))
    with tf.variable_scope('fc1'):
        h = tf.reshape(h, [-1, 7 * 7 * 24])
        h = tf.nn.relu(tf.matmul(h, weight_variable([7 * 7 * 24, 64], 'weight')) + bias_variable([64], 'bias'))
    with tf.variable_scope('fc2'):
        output = tf.matmul(h, weight_variable([64, 10], 'weight')) + bias_variable([10], 'bias')
    return tf.nn.softmax(output)  # expect: loss-logits


def main(_):
    (trX, trY), (teX, teY) = tf.keras.datasets.mnist.load_data()
    trX, teX = trX[..., None] / 255., teX[..., None] / 255.
    trY, teY = np.eye(10)[trY], np.eye(10)[teY]

    tf.set_random_seed(17)
    np.random.seed(17)
    x = tf.placeholder(tf.float32, [None, 28, 28, 1])
    y_ = tf.placeholder(tf.float32, [None, 10])
    y_conv = mnist_conv(x)

    ff_loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=y_conv, labels=y_))  # expect-or: loss-logits
    correct_prediction = tf.equal(tf.argmax(y_conv, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
    train_step = tf.train.GradientDescentOptimizer(FLAGS.lr).minimize(ff_loss)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(FLAGS.epochs):
            perm, cost = np.random.permutation(len(trX)), []
            for s in range(0, len(trX), FLAGS.batch_size):
                b = perm[s:s + FLAGS.batch_size]
                cost.append(sess.run([train_step, ff_loss], {x: trX[b], y_: trY[b]})[1])
            print('[%d] loss %.4f, test accuracy %.4f'
                  % (epoch + 1, np.mean(cost), sess.run(accuracy, {x: teX, y_: teY})))
        print('final accuracy: %.4f' % sess.run(accuracy, {x: teX, y_: teY}))


if __name__ == '__main__':
    tf.app.run()
