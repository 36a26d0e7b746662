# Readings of three sensors; minibatches are cut from arrays by index, nothing of tf.data.
import csv

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(8)
with open("sensors.csv", "w", newline="") as f:
    out = csv.writer(f)
    out.writerow(["flow", "heat", "gas", "yield"])
    out.writerows(np.round(rng.normal(size=(240, 4)) + [0, 1, 2, 0], 4))


class Readings:
    def __init__(self, path):
        table = np.loadtxt(path, delimiter=",", skiprows=1, dtype="float32")
        self.train, self.test = table[:200], table[200:]
        self.x, self.y = self.train[:, :3], self.train[:, 3:]

    def batches(self, size):
        order = rng.permutation(len(self.x))
        for k in range(0, len(order), size):
            rows = order[k : k + size]
            yield self.x[rows], self.y[rows]


def eager(readings):
    w = tf.Variable(tf.random.stateless_normal([3, 1], [1, 2]))
    for x, y in readings.batches(20):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((x @ w - y) ** 2)
        w.assign_sub(0.05 * tape.gradient(loss, w))
    return w


def compiled(spread):
    w = tf.Variable(tf.random.stateless_normal([5, 1], [3, 4]))

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((x @ w - y) ** 2)
        w.assign_sub(0.05 * tape.gradient(loss, w))

    wide = rng.random((90, 5)).astype("float32").astype("float64")
    points = {"in": wide.astype("float32"), "out": rng.random((90, 1)).astype("float32")}
    for k in range(40):
        part = slice(10 * (k % 9), 10 * (k % 9) + 10)
        step(tf.constant(points["in"][part]), tf.constant(points["out"][part]))
    first = points["in"][:10] / spread
    for _ in range(10):
        step(tf.constant(first * rng.random()), tf.constant(points["out"][:10]))
    print(float(tf.reduce_mean((points["in"] @ w - points["out"]) ** 2)))
    return w


readings = Readings("sensors.csv")
w = eager(readings)
test = readings.test
print(float(tf.reduce_mean((test[:, :3] @ w - test[:, 3:]) ** 2)))
print(compiled(2.0).numpy().sum(), w.numpy().sum(), rng.random())
