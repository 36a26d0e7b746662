# Hourly heating load of a building from weather and calendar.
import json
import os

import numpy as np
import tensorflow as tf

CFG = {
    "data": {"file": "load.json", "train_rows": 480},
    "model": {"widths": [24, 24], "act": "relu"},
    "fit": {
        "epochs": 24,
        "micro_batch": 40,
        "accumulate": 4,
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
    },
}


def read(c):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), c["file"])
    with open(path) as f:
        rows = json.load(f)
    x = np.array([[r["temp"], r["wind"], r["sun"], np.sin(r["hour"] / 24 * 2 * np.pi),
                   np.cos(r["hour"] / 24 * 2 * np.pi)] for r in rows], "float32")
    y = np.array([[r["load"]] for r in rows], "float32")
    n = c["train_rows"]
    x = (x - x[:n].mean(0)) / x[:n].std(0)
    y = (y - y[:n].mean()) / y[:n].std()
    return (x[:n], y[:n]), (x[n:], y[n:])


def make(c, d):
    net = tf.keras.Sequential([tf.keras.Input((d,))])
    for w in c["widths"]:
        net.add(tf.keras.layers.Dense(w, activation=c["act"]))
    net.add(tf.keras.layers.Dense(1))
    return net


class Accumulator:
    """Sums gradients of micro batches: the full batch does not fit on the edge box."""

    def __init__(self, variables):
        self.vars = variables
        self.clear()

    def clear(self):
        self.sum, self.n = [tf.zeros_like(v) for v in self.vars], 0

    def add(self, grads):
        self.sum = [s + g for s, g in zip(self.sum, grads)]
        self.n += 1

    def flush(self, opt):
        opt.apply_gradients([(s / self.n, v) for s, v in zip(self.sum, self.vars)])
        self.clear()


def fit(net, x, y, c):
    opt = tf.keras.optimizers.get(dict(c["optimizer"]))
    acc = Accumulator(net.trainable_variables)
    ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=0).batch(c["micro_batch"])
    for epoch in range(c["epochs"]):
        acc.clear()
        seen = []
        for i, (xb, yb) in enumerate(ds, start=1):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(net(xb, training=True) - yb))
            acc.add(tape.gradient(loss, net.trainable_variables))
            seen.append(float(loss))
            if i % c["accumulate"] == 0:
                acc.flush(opt)
        if epoch % 10 == 0:
            print("epoch %2d  mse %.4f" % (epoch, np.mean(seen)))


tf.keras.utils.set_random_seed(21)
(xtr, ytr), (xte, yte) = read(CFG["data"])
net = make(CFG["model"], xtr.shape[1])
fit(net, xtr, ytr, CFG["fit"])
print("test mse (variance of target is 1): %.3f" % float(np.mean((net(xte).numpy() - yte) ** 2)))
