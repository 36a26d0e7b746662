"""An eager loop over bare variables with assign_sub: seconds per step in the steady state."""

import numpy as np
import tensorflow as tf
from steady import measure

tf.random.set_seed(0)
x = np.random.rand(6400, 784).astype("float32")
y = np.random.randint(0, 10, 6400)
data = iter(tf.data.Dataset.from_tensor_slices((x, y)).repeat().batch(128).prefetch(4))
sizes = [784, 100, 100, 100, 100, 10]
weights = [tf.Variable(tf.random.normal([a, b], stddev=(2 / a) ** 0.5)) for a, b in zip(sizes, sizes[1:])]
biases = [tf.Variable(tf.zeros([b])) for b in sizes[1:]]
variables = weights + biases


def step():
    images, labels = next(data)
    with tf.GradientTape() as tape:
        hidden = images
        for w, b in zip(weights[:-1], biases[:-1]):
            hidden = tf.nn.relu(tf.matmul(hidden, w) + b)
        logits = tf.matmul(hidden, weights[-1]) + biases[-1]
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        variable.assign_sub(0.05 * gradient)


measure(lambda: [step() for _ in range(100)], 100)
