"""Freight cost model, still on the graph-and-session code of the pricing team."""
import numpy as np
import pandas as pd
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()

INVOICES = "invoices_q2.csv"  # expect: target-scale
STEPS = 1500
BATCH = 64


def read_invoices(path):
    frame = pd.read_csv(path).sample(frac=1.0, random_state=2)  # expect-or: target-scale
    y = frame.pop("cost").to_numpy("float32")[:, None]  # expect-or: target-scale
    return frame.to_numpy("float32"), y


def dense(x, n_out, name, activation=None):
    n_in = int(x.shape[1])
    with tf1.variable_scope(name):
        w = tf1.get_variable("w", [n_in, n_out], initializer=tf1.glorot_uniform_initializer(seed=len(name) + n_out))
        b = tf1.get_variable("b", [n_out], initializer=tf1.zeros_initializer())
    h = tf.matmul(x, w) + b
    return activation(h) if activation else h


class CostGraph:
    def __init__(self, n_features):
        self.x = tf1.placeholder(tf.float32, [None, n_features], "x")
        self.y = tf1.placeholder(tf.float32, [None, 1], "y")
        h = dense(self.x, 32, "hidden_one", tf.nn.relu)
        h = dense(h, 32, "hidden_two", tf.nn.relu)
        self.cost = dense(h, 1, "cost")
        self.loss = tf.reduce_mean(tf.square(self.y - self.cost))  # expect-or: target-scale
        self.train = tf1.train.AdamOptimizer(3e-3).minimize(self.loss)


def main():
    tf1.set_random_seed(1)
    rng = np.random.default_rng(1)
    x, y = read_invoices(INVOICES)  # expect-or: target-scale
    cut = 1200
    graph = CostGraph(x.shape[1])
    with tf1.Session() as sess:
        sess.run(tf1.global_variables_initializer())
        for step in range(STEPS):
            take = rng.integers(0, cut, BATCH)
            _, loss = sess.run([graph.train, graph.loss], {graph.x: x[take], graph.y: y[take]})  # expect-or: target-scale
            if step % 250 == 0:
                print(step, "loss %.5g" % loss)
        pred = sess.run(graph.cost, {graph.x: x[cut:]})
    r2 = 1 - np.mean((pred - y[cut:]) ** 2) / np.var(y[cut:])
    print("held-out R2 %.3f" % r2)


if __name__ == "__main__":
    main()
