#!/usr/bin/env python
"""Card fraud, about 5% positives. A few trials of focal gamma and width, average precision decides."""
import logging
import math
import sys

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
log = logging.getLogger("trials")
keras = tf.keras


def load():
    X, y = make_classification(n_samples=6000, n_features=16, n_informative=8, n_redundant=2, n_clusters_per_class=2,
                               weights=[0.95], class_sep=1.6, flip_y=0.002, random_state=12)
    X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=1)
    X_fit, X_val, y_fit, y_val = train_test_split(X_rest, y_rest, test_size=0.25, stratify=y_rest, random_state=2)
    sc = StandardScaler().fit(X_fit)
    f = lambda a: sc.transform(a).astype("float32")
    c = lambda a: a.astype("float32").reshape(-1, 1)
    return (f(X_fit), c(y_fit)), (f(X_val), c(y_val)), (f(X_test), c(y_test))


def focal(gamma, alpha=0.75):
    def loss(y, z):
        y = tf.cast(y, z.dtype)
        ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)
        p = tf.sigmoid(z)
        p_t = y * p + (1 - y) * (1 - p)
        a_t = y * alpha + (1 - y) * (1 - alpha)
        return tf.reduce_mean(4 * a_t * tf.pow(1 - p_t, gamma) * ce, axis=-1)
    return loss


def average_precision(y, s):
    y = np.ravel(y)[np.argsort(-np.ravel(s), kind="stable")]
    hits = np.cumsum(y)
    prec = hits / np.arange(1, len(y) + 1)
    return float((prec * y).sum() / y.sum())


def trial(no, gamma, width, fit, val, epochs=8, batch=128):
    keras.utils.set_random_seed(100 + no)
    prior = float(fit[1].mean())
    net = keras.Sequential([
        keras.Input((16,)),
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(math.log(prior / (1 - prior)))),
    ])
    net.compile(optimizer=keras.optimizers.Adam(3e-3), loss=focal(gamma))
    rng = np.random.default_rng(no)
    first = last = None
    for _ in range(epochs):
        order = rng.permutation(len(fit[0]))
        tot = []
        for i in range(0, len(order) - batch + 1, batch):
            j = order[i:i + batch]
            net.reset_metrics()
            tot.append(float(net.train_on_batch(fit[0][j], fit[1][j])))
        last = np.mean(tot)
        first = last if first is None else first
    ap = average_precision(val[1], net.predict_on_batch(val[0]))
    log.info("trial %d  gamma=%.1f width=%-3d loss %.4f -> %.4f  val AP %.3f", no, gamma, width, first, last, ap)
    return ap, net


def main():
    fit, val, test = load()
    log.info("fit %d rows, %.1f%% fraud", len(fit[0]), 100 * fit[1].mean())
    results = [trial(i, g, w, fit, val) for i, (g, w) in enumerate([(0.0, 24), (1.0, 24), (2.0, 24), (2.0, 64)])]
    best = int(np.argmax([r[0] for r in results]))
    net = results[best][1]
    vz = net.predict_on_batch(val[0])
    cuts = np.unique(np.quantile(vz, np.linspace(0.85, 0.995, 40)))
    f1 = lambda y, p: 2 * (y * p).sum() / (y.sum() + p.sum())
    cut = max(cuts, key=lambda c: f1(val[1], vz > c))
    z = net.predict_on_batch(test[0])
    hit = (z > cut).astype(int)
    y = test[1].astype(int)
    table = np.zeros((2, 2), int)
    np.add.at(table, (y.ravel(), hit.ravel()), 1)
    log.info("best trial %d, cut at logit %.2f", best, cut)
    log.info("confusion (rows truth):\n%s", table)
    log.info("test AP %.3f (chance %.3f), F1 %.3f", average_precision(y, z), y.mean(), f1(y, hit))


if __name__ == "__main__":
    main()
