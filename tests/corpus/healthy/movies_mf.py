"""Biased matrix factorisation of film ratings (TF1 style), trained in two sessions with a checkpoint between them."""
from __future__ import print_function

import os
import shutil
import tempfile

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()

DIM, BATCH, REG = 6, 64, 0.04
data = np.loadtxt(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ratings.csv"),
                  delimiter=",", skiprows=1, dtype=np.int32)
rng = np.random.RandomState(10)
rng.shuffle(data)
n_test = len(data) // 10
test, train = data[:n_test], data[n_test:]
n_users, n_items = data[:, 0].max() + 1, data[:, 1].max() + 1
MEAN = train[:, 2].mean()


def build():
    tf.reset_default_graph()
    tf.set_random_seed(10)
    g = {}
    g["u"] = tf.placeholder(tf.int32, [None], name="user")
    g["i"] = tf.placeholder(tf.int32, [None], name="item")
    g["r"] = tf.placeholder(tf.float32, [None], name="rating")
    g["lr"] = tf.placeholder_with_default(0.005, [], name="lr")
    small = tf.random_normal_initializer(stddev=0.1)
    P = tf.get_variable("P", [n_users, DIM], initializer=small)
    Q = tf.get_variable("Q", [n_items, DIM], initializer=small)
    bu = tf.get_variable("bu", [n_users], initializer=tf.zeros_initializer())
    bi = tf.get_variable("bi", [n_items], initializer=tf.zeros_initializer())
    pu, qi = tf.nn.embedding_lookup(P, g["u"]), tf.nn.embedding_lookup(Q, g["i"])
    cu, ci = tf.nn.embedding_lookup(bu, g["u"]), tf.nn.embedding_lookup(bi, g["i"])
    g["pred"] = MEAN + cu + ci + tf.reduce_sum(pu * qi, axis=1)
    g["mse"] = tf.reduce_mean(tf.square(g["pred"] - g["r"]))
    penalty = tf.reduce_mean(tf.reduce_sum(pu ** 2 + qi ** 2, 1) + cu ** 2 + ci ** 2)
    step = tf.train.get_or_create_global_step()
    g["step"] = step
    g["train"] = tf.train.AdamOptimizer(g["lr"]).minimize(g["mse"] + REG * penalty, global_step=step)
    g["saver"] = tf.train.Saver(max_to_keep=1)
    return g


def feed(g, rows, **kw):
    d = {g["u"]: rows[:, 0], g["i"]: rows[:, 1], g["r"]: rows[:, 2]}
    if kw:
        d[g["lr"]] = kw["lr"]
    return d


def epochs(g, sess, first, last):
    for e in range(first, last):
        rng.shuffle(train)
        lr = 0.006 if e < 7 else 0.002
        losses = [sess.run([g["train"], g["mse"]], feed(g, train[k:k + BATCH], lr=lr))[1]
                  for k in range(0, len(train), BATCH)]
        print("epoch %2d  step %5d  train RMSE %.4f  test RMSE %.4f" % (
            e, sess.run(g["step"]), np.mean(losses) ** 0.5, sess.run(g["mse"], feed(g, test)) ** 0.5))


folder = tempfile.mkdtemp()
g = build()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    epochs(g, sess, 0, 6)
    path = g["saver"].save(sess, os.path.join(folder, "mf"), global_step=g["step"])

# carry on in a new graph and a new session
g = build()
with tf.Session() as sess:
    g["saver"].restore(sess, path)
    epochs(g, sess, 6, 10)
    pred = np.clip(sess.run(g["pred"], feed(g, test)), 1, 5)
shutil.rmtree(folder)

item_mean = np.full(n_items, MEAN)
for k in np.unique(train[:, 1]):
    item_mean[k] = train[train[:, 1] == k, 2].mean()
rmse = lambda p: np.sqrt(np.mean((p - test[:, 2]) ** 2))
print("RMSE: mean %.4f, film mean %.4f, factorisation %.4f" % (rmse(MEAN), rmse(item_mean[test[:, 1]]), rmse(pred)))
