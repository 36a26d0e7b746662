"""A graph of tf.compat.v1 that a session runs: seconds per step in the steady state."""

import numpy as np
import tensorflow.compat.v1 as tf
from steady import measure

tf.disable_eager_execution()
tf.set_random_seed(0)
images = tf.placeholder(tf.float32, [None, 784])
labels = tf.placeholder(tf.int64, [None])
hidden, size = images, 784
for units in (256, 256):
    w = tf.Variable(tf.random.normal([size, units], stddev=(2 / size) ** 0.5))
    hidden, size = tf.nn.relu(hidden @ w + tf.Variable(tf.zeros([units]))), units
logits = hidden @ tf.Variable(tf.random.normal([size, 10], stddev=0.05)) + tf.Variable(tf.zeros([10]))
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
x = np.random.rand(50, 128, 784).astype("float32")
y = np.random.randint(0, 10, (50, 128))
session = tf.Session()
session.run(tf.global_variables_initializer())
measure(lambda: [session.run([train, loss], {images: a, labels: b}) for a, b in zip(x, y)], 50)
