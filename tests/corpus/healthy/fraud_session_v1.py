# Card fraud with sparse one-hot features, graph mode and a session.
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.set_random_seed(4)
rs = np.random.RandomState(4)

FIELDS, LEVELS = 12, 40
WIDTH = FIELDS * LEVELS
effect = rs.normal(0, 1.1, (FIELDS, LEVELS))
effect[6:] *= 0.15


def draw(n):
    codes = rs.randint(LEVELS, size=(n, FIELDS))
    score = effect[np.arange(FIELDS), codes].sum(1)
    prob = 1 / (1 + np.exp(-(2.0 * score - 10.2)))
    return codes + np.arange(FIELDS) * LEVELS, (rs.rand(n) < prob).astype(np.float32)


def as_sparse(cols):
    rows = np.repeat(np.arange(len(cols)), FIELDS)
    idx = np.stack([rows, cols.ravel()], 1).astype(np.int64)
    return tf.SparseTensorValue(idx, np.ones(len(idx), np.float32), (len(cols), WIDTH))


c_train, y_train = draw(16000)
c_test, y_test = draw(5000)

x = tf.sparse_placeholder(tf.float32, [None, WIDTH])
y = tf.placeholder(tf.float32, [None])
with tf.variable_scope("net"):
    w1 = tf.get_variable("w1", [WIDTH, 16], initializer=tf.random_normal_initializer(stddev=0.1))
    b1 = tf.get_variable("b1", [16], initializer=tf.zeros_initializer())
    w2 = tf.get_variable("w2", [16, 1], initializer=tf.glorot_uniform_initializer())
    b2 = tf.get_variable("b2", [1], initializer=tf.constant_initializer(-3.0))
hidden = tf.nn.tanh(tf.sparse_tensor_dense_matmul(x, w1) + b1)
logit = tf.squeeze(tf.matmul(hidden, w2) + b2, 1)
p = tf.sigmoid(logit)

# focal loss, gamma = 2, rare class weighted up
ce = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logit)
pt = y * p + (1 - y) * (1 - p)
alpha = 0.8 * y + 0.2 * (1 - y)
focal = tf.reduce_mean(alpha * tf.square(1 - pt) * ce)
objective = focal + 1e-4 * (tf.nn.l2_loss(w1) + tf.nn.l2_loss(w2))
train_op = tf.train.AdamOptimizer(2e-3).minimize(objective)


def ranking_scores(truth, score):
    order = np.argsort(-score, kind="mergesort")
    hit = truth[order]
    tp, fp = np.cumsum(hit), np.cumsum(1 - hit)
    trapz = np.sum(np.diff(np.r_[0, fp]) * tp) / (tp[-1] * fp[-1])
    avg_prec = np.sum(hit * tp / (tp + fp)) / tp[-1]
    return trapz, avg_prec


test_feed, train_feed = as_sparse(c_test), as_sparse(c_train[:5000])
with tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1)) as sess:
    sess.run(tf.global_variables_initializer())
    print("fraud share: train %.4f test %.4f" % (y_train.mean(), y_test.mean()))
    for epoch in range(6):
        perm = rs.permutation(len(y_train))
        losses = []
        for k in range(0, len(perm), 200):
            b = perm[k:k + 200]
            _, l = sess.run([train_op, focal], {x: as_sparse(c_train[b]), y: y_train[b]})
            losses.append(l)
        s_te, f_te = sess.run([p, focal], {x: test_feed, y: y_test})
        s_tr = sess.run(p, {x: train_feed})
        print("epoch %d focal %.5f / %.5f  AUC train %.3f test %.3f" % (
            epoch, np.mean(losses), f_te,
            ranking_scores(y_train[:5000], s_tr)[0], ranking_scores(y_test, s_te)[0]))
    auc, ap = ranking_scores(y_test, s_te)
    print("test ROC AUC %.3f (chance 0.5), average precision %.3f (chance %.3f)" % (auc, ap, y_test.mean()))
