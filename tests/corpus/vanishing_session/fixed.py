"""Digits of sklearn with a deep net in the TensorFlow 1 manner: tf.data iterator, summaries, Estimator-like class."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

v1 = tf.compat.v1


class DeepNet:
    def __init__(self, graph, widths, seed):
        with graph.as_default():
            v1.set_random_seed(seed)
            self.x_in = v1.placeholder("float", [None, 64], "pixels")
            self.y_in = v1.placeholder("int64", [None], "digit")
            data = tf.data.Dataset.from_tensor_slices((self.x_in, self.y_in)).shuffle(1500, seed=1).repeat().batch(64)
            self.iterator = v1.data.make_initializable_iterator(data)
            x, y = self.iterator.get_next()
            h = x
            for k, width in enumerate(widths):
                h = self.layer(h, width, "hidden%d" % k, tf.nn.relu)
            logits = self.layer(h, 10, "top")
            self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
            self.accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), "float"))
            self.step = v1.train.GradientDescentOptimizer(0.1).minimize(self.loss)
            self.init = v1.global_variables_initializer()

    def layer(self, h, width, name, activation=None):
        n = int(h.shape[1])
        with v1.variable_scope(name):
            scale = np.sqrt(2.0 / n)
            w = v1.get_variable("w", [n, width], initializer=v1.random_normal_initializer(0, scale))
            b = v1.get_variable("b", [width], initializer=v1.zeros_initializer())
        out = tf.linalg.matmul(h, w) + b
        return activation(out) if activation else out


digits = load_digits()
pixels = digits.data.astype("float32") / 16.0
graph = tf.Graph()
net = DeepNet(graph, [48] * 9, seed=2)
with v1.Session(graph=graph) as s:
    s.run(net.init)
    s.run(net.iterator.initializer, {net.x_in: pixels[:1500], net.y_in: digits.target[:1500]})
    for i in range(700):
        s.run(net.step)
    print("accuracy", np.mean([s.run(net.accuracy) for _ in range(10)]))
