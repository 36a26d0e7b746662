# Matrix factorisation for film ratings. Works with TF 1.4 and later; under TF 2 through compat.v1.
from __future__ import print_function

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()

N_USERS, N_FILMS, RANK = 160, 130, 4
BATCH, EPOCHS, RATE, LAMBDA = 128, 30, 0.01, 0.005
SEED = 14


def ratings(seed):
    r = np.random.RandomState(seed)
    taste, style = r.randn(N_USERS, 3), r.randn(N_FILMS, 3)
    mean = 3.4 + 0.35 * r.randn(N_USERS, 1) + 0.4 * r.randn(1, N_FILMS)
    full = mean + 0.5 * taste.dot(style.T) + 0.3 * r.randn(N_USERS, N_FILMS)
    u, f = np.where(r.rand(N_USERS, N_FILMS) < 0.5)
    order = r.permutation(len(u))
    u, f = u[order].astype(np.int32), f[order].astype(np.int32)
    cut = int(0.85 * len(u))
    rows = [u, f, full[u, f].astype(np.float32)]
    return [a[:cut] for a in rows], [a[cut:] for a in rows]


train, test = ratings(SEED)
MEAN = float(train[2].mean())

graph = tf.Graph()
with graph.as_default():
    tf.set_random_seed(SEED)
    user = tf.placeholder(tf.int32, [None], name="user")
    film = tf.placeholder(tf.int32, [None], name="film")
    stars = tf.placeholder(tf.float32, [None], name="stars")
    rate = tf.placeholder(tf.float32, [], name="rate")

    with tf.variable_scope("model", initializer=tf.zeros_initializer()):
        b_user = tf.get_variable("b_user", [N_USERS])
        b_film = tf.get_variable("b_film", [N_FILMS])
        with tf.variable_scope("latent", initializer=tf.random_normal_initializer(stddev=0.1)):
            p = tf.get_variable("p", [N_USERS, RANK])
            q = tf.get_variable("q", [N_FILMS, RANK])

    pu, qf = tf.nn.embedding_lookup(p, user), tf.nn.embedding_lookup(q, film)
    bu, bf = tf.nn.embedding_lookup(b_user, user), tf.nn.embedding_lookup(b_film, film)
    guess = MEAN + bu + bf + tf.reduce_sum(pu * qf, axis=1)

    mse = tf.reduce_mean(tf.square(guess - stars))
    size = tf.reduce_mean(tf.reduce_sum(tf.square(pu) + tf.square(qf), axis=1) + tf.square(bu) + tf.square(bf))
    train_op = tf.train.AdamOptimizer(rate).minimize(mse + LAMBDA * size)
    init = tf.global_variables_initializer()


def feed(rows, **more):
    d = {user: rows[0], film: rows[1], stars: rows[2]}
    d.update({globals()[k]: v for k, v in more.items()})
    return d


shuffler = np.random.RandomState(SEED + 1)
with tf.Session(graph=graph) as sess:
    sess.run(init)
    for epoch in range(EPOCHS):
        order = shuffler.permutation(len(train[0]))
        now = RATE * 0.9 ** max(0, epoch - 12)
        for start in range(0, len(order), BATCH):
            part = order[start:start + BATCH]
            sess.run(train_op, feed([a[part] for a in train], rate=now))
        if epoch % 5 == 4:
            print("epoch %2d  rmse train %.3f  test %.3f" % (
                epoch + 1, np.sqrt(sess.run(mse, feed(train))), np.sqrt(sess.run(mse, feed(test)))))
    rmse = np.sqrt(sess.run(mse, feed(test)))
print("test rmse %.3f stars (all at the mean: %.3f)" % (rmse, np.sqrt(np.mean((test[2] - MEAN) ** 2))))
