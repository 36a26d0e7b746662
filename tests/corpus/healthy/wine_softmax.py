# Softmax regression "by hand" on the wine data, full batch gradient descent
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold

X, y = load_wine(return_X_y=True)
print("samples", X.shape, "classes", np.bincount(y))

STEPS = 150
RATE = 1.0


def run_fold(tr, te):
    mu, sd = X[tr].mean(0), X[tr].std(0)
    a = tf.constant((X[tr] - mu) / sd, tf.float32)
    b = tf.constant((X[te] - mu) / sd, tf.float32)
    ya, yb = tf.constant(y[tr]), tf.constant(y[te])

    W = tf.Variable(tf.zeros([X.shape[1], 3]))
    c = tf.Variable(tf.zeros([3]))
    sgd = tf.keras.optimizers.SGD(RATE)

    @tf.function
    def update():
        with tf.GradientTape() as t:
            logits = a @ W + c
            ce = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(ya, logits))
            total = ce + 0.01 * tf.nn.l2_loss(W)
        grads = t.gradient(total, [W, c])
        sgd.apply_gradients(zip(grads, [W, c]))
        return ce

    first = float(update())
    for _ in range(STEPS):
        ce = update()
    acc_tr = float(tf.reduce_mean(tf.cast(tf.argmax(a @ W + c, 1) == tf.cast(ya, tf.int64), tf.float32)))
    acc_te = float(tf.reduce_mean(tf.cast(tf.argmax(b @ W + c, 1) == tf.cast(yb, tf.int64), tf.float32)))
    return first, float(ce), acc_tr, acc_te


folds = StratifiedKFold(5, shuffle=True, random_state=0)
table = []
for i, (tr, te) in enumerate(folds.split(X, y)):
    row = run_fold(tr, te)
    table.append(row)
    print("fold %d  ce %.3f -> %.3f   train %.3f   test %.3f" % (i, *row))
print("mean test accuracy %.3f" % np.mean([r[3] for r in table]))
