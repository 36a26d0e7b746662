# Legacy graph-mode pipeline kept alive under TensorFlow 2.
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_wine, load_breast_cancer

tf.disable_v2_behavior()
tf.set_random_seed(1)

flags = dict(hidden=24, lr=0.05, momentum=0.9, batch=32, n_epochs=40, decay=5e-3)


def load(fn, frac=0.7):
    x, y = fn(return_X_y=True)
    perm = np.random.RandomState(3).permutation(len(x))
    x, y = x[perm], y[perm]
    k = int(frac * len(x))
    mu, sd = x[:k].mean(0), x[:k].std(0)
    x = (x - mu) / sd
    return (x[:k], y[:k]), (x[k:], y[k:])


def dense(name, inputs, n_out, act=None):
    with tf.variable_scope(name):
        n_in = int(inputs.shape[1])
        w = tf.get_variable("w", [n_in, n_out], initializer=tf.truncated_normal_initializer(stddev=1.0 / np.sqrt(n_in)))
        b = tf.get_variable("b", [n_out], initializer=tf.zeros_initializer())
        tf.add_to_collection("weights", w)
        out = tf.matmul(inputs, w) + b
        return act(out) if act else out


def run(name, loader):
    (x_tr, y_tr), (x_te, y_te) = load(loader)
    n_classes = int(y_tr.max()) + 1
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, [None, x_tr.shape[1]], name="x")
        y = tf.placeholder(tf.int64, [None], name="y")
        keep = tf.placeholder_with_default(1.0, [], name="keep_prob")
        h = dense("fc1", x, flags["hidden"], tf.nn.tanh)
        h = tf.nn.dropout(h, rate=1.0 - keep)
        logits = dense("fc2", h, n_classes)
        xent = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        l2 = tf.add_n([tf.nn.l2_loss(w) for w in tf.get_collection("weights")])
        step = tf.train.get_or_create_global_step()
        lr = tf.train.exponential_decay(flags["lr"], step, 200, 0.7)
        train_op = tf.train.MomentumOptimizer(lr, flags["momentum"]).minimize(xent + flags["decay"] * l2, global_step=step)
        acc = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))

        rs = np.random.RandomState(0)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for epoch in range(flags["n_epochs"]):
                order = rs.permutation(len(x_tr))
                for i in range(0, len(order), flags["batch"]):
                    j = order[i:i + flags["batch"]]
                    sess.run(train_op, {x: x_tr[j], y: y_tr[j], keep: 0.8})
                if (epoch + 1) % 10 == 0:
                    tr = sess.run([xent, acc], {x: x_tr, y: y_tr})
                    te = sess.run([xent, acc], {x: x_te, y: y_te})
                    print("%-6s epoch %2d  train %.4f / %.3f   test %.4f / %.3f" % (name, epoch + 1, *tr, *te))


run("wine", load_wine)
run("cancer", load_breast_cancer)
