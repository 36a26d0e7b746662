# Exercise 4: write the training loop yourself and choose the hidden size and
# the learning rate on the validation set.
import itertools
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

SEED = 5
tf.random.set_seed(SEED)
np.random.seed(SEED)

X, y = load_wine(return_X_y=True)
X_tmp, X_te, y_tmp, y_te = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
X_tr, X_va, y_tr, y_va = train_test_split(X_tmp, y_tmp, test_size=0.25, stratify=y_tmp, random_state=0)
mu, sd = X_tr.mean(0), X_tr.std(0)
X_tr, X_va, X_te = [((a - mu) / sd).astype("float32") for a in (X_tr, X_va, X_te)]

ds = tf.data.Dataset.from_tensor_slices((X_tr, y_tr)).shuffle(len(X_tr)).batch(20)


def glorot(n_in, n_out):
    s = np.sqrt(6.0 / (n_in + n_out))
    return tf.Variable(tf.random.uniform([n_in, n_out], -s, s))


def forward(p, x):
    h = tf.nn.relu(x @ p["W1"] + p["b1"])
    return h @ p["W2"] + p["b2"]


def xent(p, x, t):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=forward(p, x)))


def run(hidden, lr, epochs=40):
    p = {"W1": glorot(13, hidden), "b1": tf.Variable(tf.zeros([hidden])),
         "W2": glorot(hidden, 3), "b2": tf.Variable(tf.zeros([3]))}

    @tf.function
    def epoch():
        total, n = 0.0, 0.0
        for xb, tb in ds:
            with tf.GradientTape() as tape:
                loss = xent(p, xb, tb)
            grads = tape.gradient(loss, p)
            for k in p:
                p[k].assign_sub(lr * grads[k])
            total += loss
            n += 1.0
        return total / n

    for e in range(epochs):
        last = epoch()
    return p, float(last)


def accuracy(p, x, t):
    return float(np.mean(np.argmax(forward(p, x), 1) == t))


results = []
for hidden, lr in itertools.product([8, 16], [0.05, 0.1, 0.2]):
    params, tr_loss = run(hidden, lr)
    va_loss = float(xent(params, X_va, y_va))
    print(f"hidden={hidden:2d} lr={lr:<5} train loss {tr_loss:.4f}  val loss {va_loss:.4f}  val acc {accuracy(params, X_va, y_va):.3f}")
    results.append((va_loss, hidden, lr, params))

va_loss, hidden, lr, params = min(results, key=lambda r: r[0])
print("chosen: hidden", hidden, "lr", lr)
print("test accuracy: %.3f" % accuracy(params, X_te, y_te))
