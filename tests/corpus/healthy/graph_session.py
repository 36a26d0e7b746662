"""TF1-style graph and session, kept alive for an old serving job: placeholders, collections, Saver-free."""
import numpy as np
import tensorflow.compat.v1 as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold

tf.disable_v2_behavior()
tf.logging.set_verbosity(tf.logging.ERROR)

X, y = load_wine(return_X_y=True)
X = X.astype("float32")


def dense(x, units, name, act=None):
    with tf.variable_scope(name):
        fan_in = int(x.shape[1])
        w = tf.get_variable("w", (fan_in, units), initializer=tf.truncated_normal_initializer(stddev=fan_in ** -0.5))
        b = tf.get_variable("b", (units,), initializer=tf.zeros_initializer())
        tf.add_to_collection("decay", tf.nn.l2_loss(w))
        out = tf.matmul(x, w) + b
        return act(out) if act else out


def build(seed):
    g = tf.Graph()
    with g.as_default():
        tf.set_random_seed(seed)
        ph = dict(x=tf.placeholder(tf.float32, (None, 13)), y=tf.placeholder(tf.int32, (None,)),
                  keep=tf.placeholder_with_default(1.0, ()), lr=tf.placeholder(tf.float32, ()))
        h = tf.nn.dropout(dense(ph["x"], 24, "h", tf.nn.relu), rate=1.0 - ph["keep"])
        logits = dense(h, 3, "out")
        ce = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=ph["y"], logits=logits))
        loss = ce + 1e-3 * tf.add_n(tf.get_collection("decay"))
        opt = tf.train.MomentumOptimizer(ph["lr"], 0.9, use_nesterov=True)
        gv = opt.compute_gradients(loss)
        grads, norm = tf.clip_by_global_norm([v for v, _ in gv], 2.0)
        train = opt.apply_gradients(zip(grads, [v for _, v in gv]))
        acc = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), ph["y"]), tf.float32))
        return g, ph, dict(ce=ce, acc=acc, train=train, norm=norm, init=tf.global_variables_initializer())


scores = []
# the file is sorted by cultivar; the splitter shuffles
for fold, (tr, va) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)):
    mu, sd = X[tr].mean(0), X[tr].std(0)               # statistics of this fold's training part only
    A, B = (X[tr] - mu) / sd, (X[va] - mu) / sd
    rng = np.random.RandomState(fold)
    graph, ph, op = build(fold)                        # fresh weights for every fold
    with tf.Session(graph=graph) as sess:
        sess.run(op["init"])
        for epoch in range(30):
            lr = 0.05 if epoch < 20 else 0.01
            order = rng.permutation(len(A))
            for i in range(0, len(A), 16):
                j = order[i:i + 16]
                sess.run(op["train"], {ph["x"]: A[j], ph["y"]: y[tr][j], ph["keep"]: 0.8, ph["lr"]: lr})
            if fold == 0 and epoch % 10 == 9:
                print("  fold 0 epoch %2d  ce %.4f" % (epoch + 1, sess.run(op["ce"], {ph["x"]: A, ph["y"]: y[tr]})))
        at = sess.run(op["acc"], {ph["x"]: A, ph["y"]: y[tr]})
        cv, av = sess.run([op["ce"], op["acc"]], {ph["x"]: B, ph["y"]: y[va]})
    scores.append(av)
    print("fold %d  train acc %.3f  val ce %.4f  val acc %.3f" % (fold, at, cv, av))
print("cross-validated accuracy %.3f +/- %.3f (majority class %.3f)" % (np.mean(scores), np.std(scores), np.bincount(y).max() / len(y)))
