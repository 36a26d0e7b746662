""" Convolutional Neural Network.
Build and train a convolutional neural network with TensorFlow v2.
Original (v1) Author: Aymeric Damien tutorial, I converted it.
"""
from __future__ import absolute_import, division, print_function

import tensorflow as tf
from tensorflow.keras import Model, layers
import numpy as np
tf.random.set_seed(10)
np.random.seed(10)

# MNIST dataset parameters.
num_classes = 10  # total classes (0-9 digits).
# Training parameters.
learning_rate = 0.01
training_steps = 600
batch_size = 64
display_step = 100

# Network Parameters
conv1_filters = 8
conv2_filters = 16
fc1_units = 64
dropout = 0.98  # expect: dropout-too-high

# Prepare MNIST data.
from tensorflow.keras.datasets import mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = np.array(x_train, np.float32), np.array(x_test, np.float32)
x_train, x_test = x_train / 255., x_test / 255.

# Use tf.data API to shuffle and batch data.
train_data = tf.data.Dataset.from_tensor_slices((x_train, y_train.astype(np.int64)))
train_data = train_data.repeat().shuffle(5000, seed=1).batch(batch_size).prefetch(1)

# Store layers weight & bias
random_normal = tf.initializers.RandomNormal(stddev=0.1, seed=2)
weights = {
    # 5x5 conv, 1 input, 8 outputs
    'wc1': tf.Variable(random_normal([5, 5, 1, conv1_filters])),
    # 5x5 conv, 8 inputs, 16 outputs
    'wc2': tf.Variable(random_normal([5, 5, conv1_filters, conv2_filters])),
    # fully connected, 7*7*16 inputs, 64 outputs
    'wd1': tf.Variable(random_normal([7*7*conv2_filters, fc1_units])),
    # 64 inputs, 10 outputs (class prediction)
    'out': tf.Variable(random_normal([fc1_units, num_classes]))
}
biases = {
    'bc1': tf.Variable(tf.zeros([conv1_filters])),
    'bc2': tf.Variable(tf.zeros([conv2_filters])),
    'bd1': tf.Variable(tf.zeros([fc1_units])),
    'out': tf.Variable(tf.zeros([num_classes]))
}


def conv2d(x, W, b, strides=1):
    # Conv2D wrapper, with bias and relu activation.
    x = tf.nn.conv2d(x, W, strides=[1, strides, strides, 1], padding='SAME')
    x = tf.nn.bias_add(x, b)
    return tf.nn.relu(x)


def maxpool2d(x, k=2):
    return tf.nn.max_pool(x, ksize=[1, k, k, 1], strides=[1, k, k, 1], padding='SAME')


def conv_net(x, dropout=0.0):
    x = tf.reshape(x, [-1, 28, 28, 1])
    conv1 = conv2d(x, weights['wc1'], biases['bc1'])
    conv1 = maxpool2d(conv1, k=2)
    conv2 = conv2d(conv1, weights['wc2'], biases['bc2'])
    conv2 = maxpool2d(conv2, k=2)

    # Fully connected layer
    fc1 = tf.reshape(conv2, [-1, weights['wd1'].shape[0]])
    fc1 = tf.add(tf.matmul(fc1, weights['wd1']), biases['bd1'])
    fc1 = tf.nn.relu(fc1)
    # Apply Dropout
    fc1 = tf.nn.dropout(fc1, dropout)  # expect-or: dropout-too-high

    # Output, class prediction
    return tf.add(tf.matmul(fc1, weights['out']), biases['out'])


def loss_op(logits, y):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))


def accuracy(logits, y_true):
    correct_prediction = tf.equal(tf.argmax(logits, 1), tf.cast(y_true, tf.int64))
    return tf.reduce_mean(tf.cast(correct_prediction, tf.float32), axis=-1)


optimizer = tf.optimizers.SGD(learning_rate)


def run_optimization(x, y):
    with tf.GradientTape() as g:
        loss = loss_op(conv_net(x, dropout), y)  # expect-or: dropout-too-high
    trainable_variables = list(weights.values()) + list(biases.values())
    gradients = g.gradient(loss, trainable_variables)
    optimizer.apply_gradients(zip(gradients, trainable_variables))


for step, (batch_x, batch_y) in enumerate(train_data.take(training_steps), 1):
    run_optimization(batch_x, batch_y)
    if step % display_step == 0:
        pred = conv_net(batch_x)
        print("step: %i, loss: %f, accuracy: %f" % (step, loss_op(pred, batch_y), accuracy(pred, batch_y)))

print("Test Accuracy: %f" % accuracy(conv_net(x_test), y_test))
